/**
 * What a plugin imports: define a data source or an app, serve it.
 *
 * @module
 */
import "./log/capture-from-start.js";

export type { CallContext, InstanceContext, User } from "./call-context.js";
export type { CallOrigin } from "./calls/call-origin.js";
export type { PluginIdentity } from "./calls/plugin-identity.js";
export { type AppDefinition, defineApp } from "./define-app.js";
export { type DataSourceDefinition, defineDataSource } from "./define-data-source.js";
export { definePlugin, type PluginDefinition } from "./define-plugin.js";
export { errorSourceOfStatus } from "./errors/error-source-of-status.js";
export { DownstreamError, type ErrorSource, PluginError, type SourcedErrorOptions } from "./errors.js";
export type { Handlers, Plugin } from "./handlers.js";
export type { HealthResult } from "./health-result.js";
export type { DefinitionSchemas, InstanceDefinition, QueryTypeDefinition } from "./instance-handlers.js";
export type { AppConfig } from "./instances/app-config.js";
export type { DataSourceConfig } from "./instances/data-source-config.js";
export type { InstanceConfig, OpenContext, SettingsSchemas } from "./instances/instance-config.js";
export { type LogFields, type Logger, log } from "./log/logger.js";
export type {
  Middleware,
  MiddlewareCall,
  RpcAnswer,
  RpcName,
  RpcRequest,
  StreamCall,
  StreamRpc,
  UnaryCall,
  UnaryRpc,
} from "./middleware/middleware.js";
export type { BatchAnswer, BatchedQuery } from "./queries/ask-queries.js";
export type { QueryAnswer } from "./queries/query-answer.js";
export type { QueryContext, QueryParams } from "./queries/query-context.js";
export type { TimeRange } from "./queries/time-range.js";
export { jsonRoutes } from "./resources/json-routes.js";
export type { ResourceHandler } from "./resources/resource-handler.js";
export type {
  MakeRoute,
  PathParams,
  RawQuery,
  Route,
  RouteContext,
  RouteHandler,
  RouteMakers,
  RouteMethod,
  RouteSchemas,
} from "./resources/route.js";
export { requireSecret } from "./secrets/require-secret.js";
export { serve } from "./server/serve.js";
export type { ServeOptions } from "./server/serve-options.js";
export type {
  PublishAnswer,
  StreamContext,
  StreamHandlers,
  StreamMessage,
  StreamStatus,
  SubscribeAnswer,
} from "./streams/stream-definition.js";
export { validate } from "./validation/validate.js";
