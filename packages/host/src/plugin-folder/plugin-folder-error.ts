/** Thrown when a plugin's folder, its plugin.json or its executable is not as Grafana needs it. The message is for people. */
export class PluginFolderError extends Error {
  override readonly name = "PluginFolderError";
}
