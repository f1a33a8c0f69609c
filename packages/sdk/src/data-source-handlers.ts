import {
  type CallResourceRequest,
  CheckHealthResponse,
  CheckHealthResponse_HealthStatus,
  type DataQuery,
  type DataSourceInstanceSettings,
  type PluginContext,
} from "@framewright/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CallContext, InstanceContext } from "./call-context.js";
import type { DataSourceDefinition } from "./define-data-source.js";
import { DownstreamError, errorAnswer } from "./errors.js";
import type { Plugin } from "./handlers.js";
import type { HealthResult } from "./health-result.js";
import { readDataSourceConfig } from "./instances/data-source-config.js";
import { createInstanceCache, type InstanceKey } from "./instances/instance-cache.js";
import { log } from "./log/logger.js";
import { collectProcessMetrics } from "./metrics/process-metrics.js";
import { answerQueries } from "./queries/answer-queries.js";
import { readTimeRange } from "./queries/time-range.js";
import { toWebRequest } from "./resources/web-request.js";
import { fromWebResponse } from "./resources/web-response.js";
import { runInScope } from "./server/calls/work-scope.js";
import { parseJson, validate } from "./validation/validate.js";

/** Turns a definition into one handler for each RPC: settings, instances, validation and errors around its methods. */
export function createDataSourceHandlers<S extends StandardSchemaV1, Q extends StandardSchemaV1, Instance>(
  definition: DataSourceDefinition<S, Q, Instance>,
): Plugin {
  const instances = createInstanceCache<Instance>((error) => log.warn("an instance failed to close", { error }));

  /** Takes the instance of the data source that a call is for. The caller releases it. */
  async function acquire(
    pluginContext: PluginContext | undefined,
    call: CallContext,
  ): Promise<{ context: InstanceContext<Instance>; release: () => void }> {
    const source = pluginContext?.dataSourceInstanceSettings;
    if (pluginContext === undefined || source === undefined) {
      throw new DownstreamError("the call names no data source", { status: 400 });
    }
    const open = async () =>
      definition.open(await readDataSourceConfig(definition.schema.settings, source, pluginContext));
    const { instance, release } = await instances.acquire(instanceKey(source, pluginContext), open);
    return { context: { ...call, instance, user: pluginContext.user, pluginContext }, release };
  }

  /** Runs `use` with the instance of the data source that a call is for. */
  async function withInstance<T>(
    pluginContext: PluginContext | undefined,
    call: CallContext,
    use: (context: InstanceContext<Instance>) => T | Promise<T>,
  ): Promise<T> {
    const { context, release } = await acquire(pluginContext, call);
    try {
      return await use(context);
    } finally {
      release();
    }
  }

  function answerQuery(query: DataQuery, context: InstanceContext<Instance>, json: StandardSchemaV1.InferOutput<Q>) {
    return definition.query(json, {
      ...context,
      log: context.log.with({ refId: query.refId }),
      refId: query.refId,
      queryType: query.queryType,
      timeRange: readTimeRange(query.timeRange),
      intervalMs: Number(query.intervalMS),
      maxDataPoints: Number(query.maxDataPoints),
    });
  }

  async function answerResource(request: CallResourceRequest, context: InstanceContext<Instance>): Promise<Response> {
    return definition.resources === undefined
      ? Response.json({ message: "this data source has no resources" }, { status: 404 })
      : definition.resources(toWebRequest(request, context.signal), context);
  }

  return {
    pluginId: definition.pluginId,
    dispose: () => instances.dispose(),
    handlers: {
      queryData(request, context) {
        const call = named(context, request.pluginContext);
        return answerQueries(
          request,
          (query) =>
            runInScope({ ...call, log: call.log.with({ refId: query.refId }) }, () =>
              withInstance(request.pluginContext, call, async (context) => {
                const json = await validate(definition.schema.query, parseJson(query.json, "query"), "query");
                return answerQuery(query, context, json);
              }),
            ),
          (query, error) => logFailure(call, "query failed", error, { refId: query.refId }),
        );
      },

      async checkHealth(request, context) {
        const call = named(context, request.pluginContext);
        try {
          const check = (context: InstanceContext<Instance>): HealthResult | Promise<HealthResult> =>
            definition.checkHealth?.(context) ?? { status: "ok", message: "The settings are valid." };
          return healthResponse(await runInScope(call, () => withInstance(request.pluginContext, call, check)));
        } catch (error) {
          logFailure(call, "health check failed", error);
          return healthResponse({ status: "error", message: errorAnswer(error).message });
        }
      },

      collectMetrics: async () => ({ metrics: { prometheus: await collectProcessMetrics() } }),

      async *callResource(request, context) {
        const call = named(context, request.pluginContext);
        let release = (): void => {};
        try {
          let response: Response;
          try {
            const acquired = await acquire(request.pluginContext, call);
            release = acquired.release;
            response = await runInScope(call, () => answerResource(request, acquired.context));
          } catch (error) {
            logFailure(call, "resource call failed", error);
            const { message, status } = errorAnswer(error);
            response = Response.json({ message }, { status });
          }
          // The instance stays in use until the last chunk of the body is sent.
          yield* fromWebResponse(response, call.signal);
        } finally {
          release();
        }
      },
    },
  };
}

/**
 * A data source is opened anew when its settings were saved again or Grafana's configuration changed, since `open` sees
 * both; the Go SDK compares the same.
 */
function instanceKey(source: DataSourceInstanceSettings, { orgId, grafanaConfig }: PluginContext): InstanceKey {
  const configuration = [...grafanaConfig].sort(([a], [b]) => (a < b ? -1 : 1));
  return { id: `${orgId}/${source.uid}`, revision: JSON.stringify([String(source.lastUpdatedMS), configuration]) };
}

/** The call with a logger that says which data source it is for. */
function named(call: CallContext, pluginContext: PluginContext | undefined): CallContext {
  const source = pluginContext?.dataSourceInstanceSettings;
  return source === undefined ? call : { ...call, log: call.log.with({ dsUID: source.uid, dsName: source.name }) };
}

/**
 * What is the plugin's own fault is logged as an error, what the outside did as a warning. What failed because the host
 * no longer wants it is no news.
 */
function logFailure(call: CallContext, message: string, error: unknown, fields: Record<string, unknown> = {}): void {
  const { status, source } = errorAnswer(error);
  const level = call.signal.aborted ? "debug" : source === "plugin" ? "error" : "warn";
  call.log[level](message, { ...fields, status, errorSource: source, error });
}

function healthResponse(result: HealthResult): CheckHealthResponse {
  const { OK, ERROR } = CheckHealthResponse_HealthStatus;
  return CheckHealthResponse.fromPartial({
    status: result.status === "ok" ? OK : ERROR,
    message: result.message,
    jsonDetails:
      result.details === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(result.details)),
  });
}
