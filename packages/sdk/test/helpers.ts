import type { Frame } from "@framewright/data";
import { DataFrameFormat, type DataQuery, PluginContext, QueryDataRequest } from "@framewright/protocol";
import type { CallContext } from "../src/call-context.js";
import { createLogger } from "../src/log/logger.js";
import type { QueryRun } from "../src/queries/query-run.js";

/** A log whose lines are kept. */
export function recordedLog(): { readonly log: CallContext["log"]; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  return { log: createLogger((line) => lines.push(JSON.parse(line))), lines };
}

/** A call that nobody cancels, unless told otherwise. */
export function callContext(part: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, deadline: undefined, log: recordedLog().log, ...part };
}

/** The context of a data source with these settings. */
export function dataSourceContext(
  jsonData: unknown = {},
  secrets: Readonly<Record<string, string>> = {},
): PluginContext {
  return PluginContext.fromPartial({
    orgId: 1n,
    pluginId: "test-datasource",
    dataSourceInstanceSettings: {
      uid: "ds1",
      name: "Test",
      jsonData: typeof jsonData === "string" ? bytes(jsonData) : bytes(JSON.stringify(jsonData)),
      decryptedSecureJsonData: new Map(Object.entries(secrets)),
    },
  });
}

/** A request of these queries, each with its JSON. */
export function queryRequest(
  queries: Readonly<Record<string, unknown>>,
  part: Partial<QueryDataRequest> = {},
): QueryDataRequest {
  return QueryDataRequest.fromPartial({
    pluginContext: dataSourceContext(),
    queries: Object.entries(queries).map(([refId, json]) => ({ refId, json: bytes(JSON.stringify(json)) })),
    ...part,
  });
}

/** The queries of a request as answerQueries and answerInChunks take them. */
export function queryRun(
  refIds: readonly string[],
  ask: (query: DataQuery) => Promise<Frame | readonly Frame[] | AsyncIterable<Frame>>,
  part: Partial<QueryRun> = {},
): QueryRun & { readonly failures: readonly (readonly [refId: string, error: unknown])[] } {
  const { signal } = new AbortController();
  const failures: [string, unknown][] = [];
  return {
    queries: QueryDataRequest.fromPartial({ queries: refIds.map((refId) => ({ refId })) }).queries,
    format: DataFrameFormat.ARROW,
    limit: 10,
    callSignal: signal,
    signal,
    ask,
    scope: (_query, work) => work(),
    onError: ({ refId }, error) => failures.push([refId, error]),
    userFacingDefault: "see the log",
    failures,
    ...part,
  };
}

/** All values of an async iterable. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) {
    all.push(value);
  }
  return all;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
