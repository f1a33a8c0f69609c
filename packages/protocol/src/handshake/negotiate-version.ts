/**
 * The protocol version a plugin answers with: the highest that both sides speak, or the plugin's lowest when they
 * share none or the host named none, so that the host can say what it found.
 *
 * @param offered the host's `PLUGIN_PROTOCOL_VERSIONS`, a comma list; entries that are not numbers are passed over
 * @param supported the versions that the plugin speaks; at least one
 */
export function negotiateVersion(offered: string | undefined, supported: readonly [number, ...number[]]): number {
  const hostVersions = new Set((offered ?? "").split(",").map((entry) => Number.parseInt(entry, 10)));
  const common = supported.filter((version) => hostVersions.has(version));
  return common.length > 0 ? Math.max(...common) : Math.min(...supported);
}
