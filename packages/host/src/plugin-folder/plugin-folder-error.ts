/** Thrown when a plugin's folder, its plugin.json or its executable is not as Grafana needs it. The message is for people. */
export class PluginFolderError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "PluginFolderError";
}
