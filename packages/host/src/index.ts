/** Grafana's side of a backend plugin: start it, call it, stop it. */
export type { Handshake, LogEntry, LogLevel } from "@framewright/protocol";
export type { ResourceCall } from "./client/call-resource.js";
export type { HealthResult } from "./client/check-health.js";
export { type CallOptions, callServerStream, callUnary } from "./client/grpc-call.js";
export { type DataSourceInput, type PluginContextInput, toWireContext } from "./client/plugin-context.js";
export { type QueryDataCall, type QueryInput, type QueryResult, toQueryDataRequest } from "./client/query-data.js";
export type { Plugin, StopResult } from "./plugin.js";
export { PluginCallError, PluginStartError } from "./plugin-errors.js";
export { type LocatedPlugin, locatePlugin } from "./plugin-folder/locate-plugin.js";
export { binaryName, hostPlatform, type Platform, platformName, platforms } from "./plugin-folder/platform.js";
export { PluginFolderError } from "./plugin-folder/plugin-folder-error.js";
export { type PluginManifest, readPluginManifest } from "./plugin-folder/plugin-manifest.js";
export { describeExit, type ExitStatus } from "./process/exit-status.js";
export { type StartOptions, startPlugin } from "./start-plugin.js";
