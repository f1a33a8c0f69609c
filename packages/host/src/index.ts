/**
 * Grafana's side of a backend plugin: start it, call it, keep it running, stop it.
 *
 * @module
 */
export { type Handshake, HandshakeError, type LogEntry, type LogLevel, parseHandshake } from "@framewright/protocol";
export type { AdmissionCall, AdmissionResult, MutationResult } from "./client/admission.js";
export type { ResourceCall } from "./client/call-resource.js";
export type { HealthResult } from "./client/check-health.js";
export type { ConversionCall, ConversionResult, StoredObject } from "./client/convert-objects.js";
export { type CallOptions, callBidiStream, callServerStream, callUnary } from "./client/grpc-call.js";
export type { PluginCalls } from "./client/plugin-calls.js";
export {
  type AppInput,
  type DataSourceInput,
  type PluginContextInput,
  toWireContext,
} from "./client/plugin-context.js";
export type { QueryChunk } from "./client/query-chunked-data.js";
export {
  type QueryDataCall,
  type QueryError,
  type QueryInput,
  type QueryResult,
  toQueryDataRequest,
} from "./client/query-data.js";
export type { Rpc } from "./client/rpc.js";
export type { Refusal } from "./client/status-result.js";
export type { PublishResult, StreamCall, StreamMessage, StreamStatus, SubscribeResult } from "./client/stream.js";
export { connectPlugin, type PluginConnection } from "./connect-plugin.js";
export type { PluginAddress } from "./connection/plugin-address.js";
export type { OutputLine } from "./log/split-lines.js";
export type { ConnectedPlugin, Plugin, StopResult } from "./plugin.js";
export { PluginCallError, PluginStartError } from "./plugin-errors.js";
export { findStandalone, type StandalonePlugin } from "./plugin-folder/find-standalone.js";
export { type LocatedPlugin, locatePlugin } from "./plugin-folder/locate-plugin.js";
export { binaryName, hostPlatform, type Platform, platformName, platforms } from "./plugin-folder/platform.js";
export { PluginFolderError } from "./plugin-folder/plugin-folder-error.js";
export { type PluginManifest, readPluginManifest } from "./plugin-folder/plugin-manifest.js";
export { describeExit, type ExitStatus } from "./process/exit-status.js";
export { isRunning } from "./process/is-running.js";
export { pluginEnvironment } from "./process/plugin-environment.js";
export { type LaunchOptions, launchPlugin, type PluginProcess } from "./process/plugin-process.js";
export { type ReattachedPlugin, type ReattachOptions, reattachPlugin } from "./reattach-plugin.js";
export { type StartOptions, startPlugin } from "./start-plugin.js";
export { type SupervisedPlugin, type SuperviseOptions, supervisePlugin } from "./supervise-plugin.js";
export type { BackOff } from "./supervisor/back-off.js";
export type { SupervisorEvent } from "./supervisor/supervisor-event.js";
