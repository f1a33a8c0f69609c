import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InstanceContext } from "./call-context.js";
import { rememberMaker } from "./fresh-plugin.js";
import type { Handlers, Plugin } from "./handlers.js";
import { healthHandler } from "./health-handler.js";
import type { HealthResult } from "./health-result.js";
import { createInstanceCalls, type InstanceSource } from "./instances/instance-calls.js";
import type { OpenContext, SettingsSchemas } from "./instances/instance-config.js";
import type { InstanceTarget } from "./instances/instance-target.js";
import { metricsHandler } from "./metrics/metrics-handler.js";
import type { Middleware } from "./middleware/middleware.js";
import { wrapHandlers } from "./middleware/wrap-handlers.js";
import { type AskQueries, askAll, askEach, type BatchAnswer, type BatchedQuery } from "./queries/ask-queries.js";
import type { QueryAnswer } from "./queries/query-answer.js";
import type { QueryContext } from "./queries/query-context.js";
import { queryHandlers } from "./queries/query-handlers.js";
import { type ResourceHandler, resourceHandler } from "./resources/resource-handler.js";
import type { StreamHandlers } from "./streams/stream-definition.js";
import { streamRpcs } from "./streams/stream-rpcs.js";

/** The shapes of what a definition's handlers get. */
export interface DefinitionSchemas<S extends StandardSchemaV1, C extends StandardSchemaV1, Q extends StandardSchemaV1>
  extends SettingsSchemas<S, C> {
  /** One query's JSON, for `query` and `queryAll`. Without it a query is `unknown`. */
  readonly query?: Q;
}

/** A query type: the shape of its queries and what answers them. */
export interface QueryTypeDefinition<Q extends StandardSchemaV1, Instance> {
  /** The shape of one query's JSON. */
  readonly schema: Q;
  /** Answers one query, as the definition's own `query` does. */
  query(query: StandardSchemaV1.InferOutput<Q>, context: QueryContext<Instance>): QueryAnswer | Promise<QueryAnswer>;
}

/** RPCs that go through to the author as they are on the wire. */
interface PassedOn {
  /** Says yes or no to an object before it is stored, with the messages as they are on the wire. */
  readonly validateAdmission?: NonNullable<Handlers["validateAdmission"]>;
  /** Says yes or no to an object before it is stored, and may change it, with the messages as they are on the wire. */
  readonly mutateAdmission?: NonNullable<Handlers["mutateAdmission"]>;
  /** Converts stored objects to another API version, with the messages as they are on the wire. */
  readonly convertObjects?: NonNullable<Handlers["convertObjects"]>;
}

/** What data sources and apps are defined with alike. All of it but `pluginId` may be left out. */
export interface InstanceDefinition<
  S extends StandardSchemaV1,
  C extends StandardSchemaV1,
  Q extends StandardSchemaV1,
  Types extends Readonly<Record<string, StandardSchemaV1>>,
  Config,
  Instance,
> extends PassedOn {
  /** The `id` of the plugin's plugin.json. */
  readonly pluginId: string;
  /**
   * Any Standard Schema validators (zod, valibot, …): the shapes that settings, secrets and queries must have. What does not fit
   * is answered with a 400 that names the field.
   */
  readonly schema?: DefinitionSchemas<S, C, Q>;
  /**
   * Opens what the handlers work with: a client, a pool, a folder. Called once for each data source, or for each organisation of
   * an app, and again when the settings change, or what it read of Grafana's configuration; the instance it replaces is disposed
   * (`Symbol.asyncDispose`, `Symbol.dispose` or `dispose`) once its calls are done, after 5 s at the latest. Without it, the
   * handlers' instance is the configuration itself.
   */
  open?(config: Config, context: OpenContext): Instance | Promise<Instance>;
  /**
   * Answers one query, with a frame, with several, or as an async generator of frames: see {@link QueryAnswer}. What it throws
   * becomes that query's error; the request's other queries go on.
   */
  query?(query: StandardSchemaV1.InferOutput<Q>, context: QueryContext<Instance>): QueryAnswer | Promise<QueryAnswer>;
  /**
   * Answers queries by their `queryType`, each type with a schema and a handler of its own. Queries of any other type go to
   * `query`, or are refused where there is none.
   */
  readonly queryTypes?: { readonly [Type in keyof Types]: QueryTypeDefinition<Types[Type], Instance> };
  /**
   * Answers all queries of a request at once, in place of `query` and `queryTypes`, for who asks the data source better in one
   * go. Returns a Map from refId to what `query` would have returned, or to the error of a query that failed.
   */
  queryAll?(
    queries: readonly BatchedQuery<StandardSchemaV1.InferOutput<Q>>[],
    context: InstanceContext<Instance>,
  ): BatchAnswer | Promise<BatchAnswer>;
  /** Answers "Save & test". Without it, all is well when settings and secrets fit and `open` succeeds. */
  checkHealth?(context: InstanceContext<Instance>): HealthResult | Promise<HealthResult>;
  /** Answers the frontend's resource requests, as any Web handler does; a Hono app's `fetch` fits, and {@link jsonRoutes}. */
  resources?(request: Request, context: InstanceContext<Instance>): Response | Promise<Response>;
  /** The Grafana Live channels. */
  readonly streams?: StreamHandlers<Instance>;
  /** Wraps every call, the first outermost. */
  readonly use?: readonly Middleware[];
  /** How long an instance is kept that nobody uses, in ms: an hour unless given, `Infinity` for until the plugin ends. */
  readonly idleMs?: number;
}

/** The parts of a definition that are left once its types are known to fit. */
interface ErasedDefinition<Instance> extends PassedOn {
  readonly pluginId: string;
  readonly schema?: { readonly query?: StandardSchemaV1 };
  query?(query: unknown, context: QueryContext<Instance>): QueryAnswer | Promise<QueryAnswer>;
  readonly queryTypes?: Readonly<Record<string, QueryTypeDefinition<StandardSchemaV1, Instance>>>;
  queryAll?(
    queries: readonly BatchedQuery<unknown>[],
    context: InstanceContext<Instance>,
  ): BatchAnswer | Promise<BatchAnswer>;
  checkHealth?(context: InstanceContext<Instance>): HealthResult | Promise<HealthResult>;
  resources?: ResourceHandler<Instance>;
  readonly streams?: StreamHandlers<Instance>;
  readonly use?: readonly Middleware[];
}

/**
 * Turns a definition into one handler for each RPC: settings, instances, validation and errors around its methods. An RPC that
 * the definition does not speak of has none, and is answered with UNIMPLEMENTED.
 *
 * @throws TypeError when the definition has `queryAll` beside `query` or `queryTypes`
 */
export function createInstancePlugin<Target extends InstanceTarget, Instance>(
  definition: ErasedDefinition<Instance>,
  source: InstanceSource<Target, Instance>,
): Plugin {
  const calls = createInstanceCalls(source);
  const askQueries = askQueriesOf(definition);
  const { resources, streams } = definition;
  const handlers: Handlers = {
    ...(askQueries && queryHandlers(calls, askQueries)),
    ...healthHandler(calls, definition.checkHealth?.bind(definition)),
    ...(resources && resourceHandler(calls, resources.bind(definition))),
    ...(streams && streamRpcs(calls, streams)),
    ...passedOn(definition),
    collectMetrics: metricsHandler,
  };
  const plugin = {
    pluginId: definition.pluginId,
    handlers: wrapHandlers(handlers, definition.use ?? []),
    dispose: () => calls.dispose(),
  };
  return rememberMaker(plugin, () => createInstancePlugin(definition, source));
}

function passedOn(definition: PassedOn): PassedOn {
  const { validateAdmission, mutateAdmission, convertObjects } = definition;
  return {
    ...(validateAdmission && { validateAdmission: validateAdmission.bind(definition) }),
    ...(mutateAdmission && { mutateAdmission: mutateAdmission.bind(definition) }),
    ...(convertObjects && { convertObjects: convertObjects.bind(definition) }),
  };
}

function askQueriesOf<Instance>(definition: ErasedDefinition<Instance>): AskQueries<Instance> | undefined {
  const { query, queryAll, queryTypes, schema } = definition;
  if (queryAll !== undefined) {
    if (query !== undefined || queryTypes !== undefined) {
      throw new TypeError(
        `${definition.pluginId}: queryAll answers all queries; query and queryTypes cannot stand beside it`,
      );
    }
    return askAll(schema?.query, queryAll.bind(definition));
  }
  const fallback = query && { schema: schema?.query, query: query.bind(definition) };
  return fallback === undefined && queryTypes === undefined
    ? undefined
    : askEach(new Map(Object.entries(queryTypes ?? {})), fallback);
}
