/** What a plugin imports: define a data source, serve it. */
import "./log/capture-from-start.js";

export type { CallContext, InstanceContext, User } from "./call-context.js";
export { type DataSourceDefinition, defineDataSource } from "./define-data-source.js";
export { definePlugin, type PluginDefinition } from "./define-plugin.js";
export { DownstreamError, type ErrorSource, PluginError, type SourcedErrorOptions } from "./errors.js";
export type { Handlers, Plugin } from "./handlers.js";
export type { HealthResult } from "./health-result.js";
export type { DataSourceConfig } from "./instances/data-source-config.js";
export { type LogFields, type Logger, log } from "./log/logger.js";
export type { QueryContext } from "./queries/query-context.js";
export type { TimeRange } from "./queries/time-range.js";
export { serve } from "./server/serve.js";
export type { ServeOptions } from "./server/serve-options.js";
