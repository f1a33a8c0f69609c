import type { DataQuery } from "@framewright/protocol";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InstanceContext } from "../call-context.js";
import { DownstreamError, PluginError } from "../errors.js";
import { runInScope } from "../server/calls/work-scope.js";
import { describeValue } from "../validation/describe-value.js";
import { parseJson, validate } from "../validation/validate.js";
import type { QueryAnswer } from "./query-answer.js";
import { type QueryContext, type QueryParams, readQueryParams } from "./query-context.js";

/**
 * Begins a request: gives the function that answers each of its queries.
 *
 * @typeParam Instance what `open` makes
 */
export type AskQueries<Instance> = (
  queries: readonly DataQuery[],
  context: InstanceContext<Instance>,
) => (query: DataQuery) => Promise<QueryAnswer>;

/** A schema and the handler of the queries that fit it. */
export interface QueryHandler<Instance> {
  readonly schema?: StandardSchemaV1 | undefined;
  // As a method, so that a handler of a narrower query fits, which its schema sees to.
  query(query: unknown, context: QueryContext<Instance>): QueryAnswer | Promise<QueryAnswer>;
}

/** Answers each query by the handler of its type. */
export function askEach<Instance>(
  handlers: ReadonlyMap<string, QueryHandler<Instance>>,
  fallback: QueryHandler<Instance> | undefined,
): AskQueries<Instance> {
  return (_queries, context) => async (query) => {
    const handler = handlers.get(query.queryType) ?? fallback;
    if (handler === undefined) {
      const types = [...handlers.keys()].map((type) => JSON.stringify(type)).join(", ");
      throw new DownstreamError(`queryType: ${JSON.stringify(query.queryType)} is not one of ${types}`, {
        status: 400,
      });
    }
    const json = await readQuery(query, handler.schema);
    return handler.query(json, {
      ...context,
      ...readQueryParams(query),
      log: context.log.with({ refId: query.refId }),
    });
  };
}

/** One query of a batch. */
export interface BatchedQuery<Query> extends QueryParams {
  /** The query's JSON, checked and typed by the definition's query schema. */
  readonly query: Query;
}

/** What a batch is answered with: by refId the frames of each query, or the error it failed with. */
export type BatchAnswer = ReadonlyMap<string, QueryAnswer | Error>;

/** Answers all queries of a request by one call of a handler. Those that do not fit the schema are not in the batch. */
export function askAll<Instance>(
  schema: StandardSchemaV1 | undefined,
  queryAll: (
    queries: readonly BatchedQuery<unknown>[],
    context: InstanceContext<Instance>,
  ) => BatchAnswer | Promise<BatchAnswer>,
): AskQueries<Instance> {
  return (queries, context) => {
    const read = new Map(queries.map((query) => [query, readQuery(query, schema)]));
    const batch = runInScope(context, async () => {
      const settled = await Promise.allSettled(
        [...read].map(async ([query, json]) => ({ ...readQueryParams(query), query: await json })),
      );
      const fitting = settled.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
      return fitting.length === 0 ? new Map() : checkBatch(await queryAll(fitting, context));
    });
    // Each query waits for it, but only after its own JSON turned out to fit.
    batch.catch(() => {});
    return async (query) => {
      await read.get(query);
      const answer = (await batch).get(query.refId);
      if (answer === undefined) {
        throw new PluginError(`queryAll gave no answer to ${JSON.stringify(query.refId)}`);
      }
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    };
  };
}

function checkBatch(answer: BatchAnswer): BatchAnswer {
  if (!(answer instanceof Map)) {
    throw new PluginError(`queryAll must return a Map of frames by refId, not ${describeValue(answer)}`);
  }
  return answer;
}

/**
 * A query's JSON, checked. The query type is among it where it has none of its own, so that a schema can tell shapes apart by
 * it.
 */
async function readQuery(query: DataQuery, schema: StandardSchemaV1 | undefined): Promise<unknown> {
  const json = parseJson(query.json, "query");
  const typed =
    query.queryType !== "" && typeof json === "object" && json !== null && !("queryType" in json)
      ? { queryType: query.queryType, ...json }
      : json;
  return validate(schema, typed, "query");
}
