import type { QueryChunkedDataRequest, QueryDataRequest } from "@framewright/protocol";
import type { CallContext } from "../call-context.js";
import { readForwardedHeaders } from "../calls/forwarded-headers.js";
import { DownstreamError } from "../errors.js";
import { readConcurrentQueryCount } from "../grafana-config/grafana-config.js";
import type { Handlers } from "../handlers.js";
import type { InstanceCall, InstanceCalls } from "../instances/instance-calls.js";
import { answerInChunks } from "./answer-in-chunks.js";
import { answerQueries } from "./answer-queries.js";
import type { AskQueries } from "./ask-queries.js";
import { type QueryRun, repeatedRefIds } from "./query-run.js";

/** The RPCs that answer queries, all at once and piece by piece. */
export function queryHandlers<Instance>(
  calls: InstanceCalls<Instance>,
  askQueries: AskQueries<Instance>,
): Required<Pick<Handlers, "queryData" | "queryChunkedData">> {
  function begin(
    endpoint: "queryData" | "queryChunkedData",
    request: QueryDataRequest | QueryChunkedDataRequest,
    call: CallContext,
  ): InstanceCall<Instance> {
    return calls.begin(endpoint, call, request.pluginContext, () => readForwardedHeaders(request.headers));
  }

  return {
    async queryData(request, context) {
      const call = begin("queryData", request, context);
      try {
        return await answerQueries(queryRun(call, request, askQueries));
      } finally {
        call.end();
      }
    },
    async *queryChunkedData(request, context) {
      const call = begin("queryChunkedData", request, context);
      try {
        yield* answerInChunks(queryRun(call, request, askQueries));
      } finally {
        call.end();
      }
    },
  };
}

function queryRun<Instance>(
  call: InstanceCall<Instance>,
  { queries, format }: QueryDataRequest | QueryChunkedDataRequest,
  askQueries: AskQueries<Instance>,
): QueryRun {
  const { context, callSignal, userFacingDefault } = call;
  const repeated = repeatedRefIds(queries);
  const single = queries.filter(({ refId }) => !repeated.has(refId));
  const asked = call.run(context.log, async () => askQueries(single, await call.instanceContext()));
  // Each query waits for it, and answers with what went wrong.
  asked.catch(() => {});
  return {
    queries,
    format,
    limit: readConcurrentQueryCount(call.grafanaConfig),
    callSignal,
    signal: context.signal,
    async ask(query) {
      const { refId } = query;
      if (repeated.has(refId)) {
        throw new DownstreamError(`refId: ${JSON.stringify(refId)} names more than one query of this request`, {
          status: 400,
        });
      }
      return (await asked)(query);
    },
    scope: (query, work) => call.run(context.log.with({ refId: query.refId }), work),
    onError: (query, error) => call.logFailure("query failed", error, { refId: query.refId }),
    userFacingDefault,
  };
}
