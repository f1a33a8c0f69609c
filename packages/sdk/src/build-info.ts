import { SDK_VERSION } from "./version.js";

/** Put in by `framewright build`: JSON of {@link BakedInfo}. Not there in a plugin that was built by other means. */
declare const FRAMEWRIGHT_BUILD_INFO: string | undefined;

/** What a build knows about itself. */
interface BakedInfo {
  /** When it was built, in ms since 1970. */
  readonly time: number;
  readonly pluginID: string;
  readonly version?: string;
  /** The commit it was built from, where the build was told. */
  readonly commit?: string;
}

/** What `--buildinfo` prints: the Go SDK's names (build/buildinfo/info.go), the commit and the SDK's version. */
export interface BuildInfo extends Partial<BakedInfo> {
  readonly pluginID: string;
  readonly sdkVersion: string;
}

/** What is known about this build of the plugin. */
export function buildInfo(pluginId: string): BuildInfo {
  return { pluginID: pluginId, ...bakedInfo(), sdkVersion: SDK_VERSION };
}

/** What is wrong with a plugin whose code and plugin.json give it different ids, which Grafana would take for two plugins. */
export function pluginIdProblem(pluginId: string): string | undefined {
  const { pluginID = pluginId } = bakedInfo();
  return pluginID === pluginId
    ? undefined
    : `the backend's pluginId is ${JSON.stringify(pluginId)}, the id in plugin.json ${JSON.stringify(pluginID)}: make them the same\n`;
}

function bakedInfo(): Partial<BakedInfo> {
  return typeof FRAMEWRIGHT_BUILD_INFO === "string" ? JSON.parse(FRAMEWRIGHT_BUILD_INFO) : {};
}
