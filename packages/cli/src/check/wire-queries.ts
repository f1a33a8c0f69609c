import { toQueryDataRequest } from "@framewright/host";
import { DataService, type QueryDataRequest, type QueryDataResponse } from "@framewright/host/wire";
import type { CheckContext } from "./check-context.js";
import { isAnswered, outcome } from "./outcome.js";
import { NotApplicable } from "./verdict.js";

/** How long queries may take, in ms. */
const ANSWER_MS = 8_000;

/** Queries and their refIds; a text is sent as it is, be it JSON or not. */
export type WireQueries = readonly (readonly [refId: string, query: Readonly<Record<string, unknown>> | string])[];

/**
 * Asks queries that the plugin is to answer one by one, and gives the answers as they were on the wire.
 *
 * @throws NotApplicable when it serves no queries, or refuses the request as a whole
 */
export async function answersTo(context: CheckContext, queries: WireQueries): Promise<QueryDataResponse["responses"]> {
  const { rpc } = await context.session();
  const request = wireRequest(context, queries);
  const answer = await outcome(rpc.unary(DataService.queryData, request, { timeoutMs: ANSWER_MS }));
  if (answer.ok) return answer.value.responses;
  if (answer.code === "UNIMPLEMENTED") throw new NotApplicable("it serves no queries");
  if (!isAnswered(answer)) throw new Error(answer.details);
  throw new NotApplicable(`it refuses the request as a whole; name a query it can answer (${answer.details})`);
}

/** The request message, with the last 6 hours as its time range. */
export function wireRequest({ target }: CheckContext, queries: WireQueries): QueryDataRequest {
  const to = new Date();
  const timeRange = { from: new Date(to.getTime() - 6 * 3_600_000), to };
  const request = toQueryDataRequest({
    context: target.context,
    queries: queries.map(([refId, query]) => ({ refId, timeRange, json: typeof query === "string" ? {} : query })),
  });
  return {
    ...request,
    queries: request.queries.map((query, index) => {
      const json = queries[index]?.[1];
      return typeof json === "string" ? { ...query, json: new TextEncoder().encode(json) } : query;
    }),
  };
}

/** One of the target's queries; they are used in turn. */
export function targetQuery({ target }: CheckContext, index: number): Readonly<Record<string, unknown>> {
  return target.queries[index % target.queries.length] ?? target.queries[0];
}
