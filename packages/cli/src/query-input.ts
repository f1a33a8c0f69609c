import type { QueryInput } from "@framewright/host";
import { usageFailure } from "./failure.js";
import { isObject } from "./json-object.js";

/** What all queries of a request share, unless one brings its own. */
export interface QueryDefaults {
  readonly timeRange: { readonly from: Date; readonly to: Date };
  /** ms */
  readonly intervalMs: number;
  readonly maxDataPoints: number;
  /** Written into each query's JSON, as Grafana does. */
  readonly dataSource: { readonly type: string; readonly uid: string };
}

/**
 * Turns the query JSON of the command line, one object or an array of them, into the queries of a request. Each query's
 * JSON is completed as Grafana's panels do it: refId (A, B, … where it has none), datasource, intervalMs, maxDataPoints.
 *
 * @throws Failure (usage) that names the query.
 */
export function queryInputs(json: unknown, defaults: QueryDefaults): QueryInput[] {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (list.length === 0) throw usageFailure("the query is an empty array");
  const objects = list.map((query, index) => {
    if (!isObject(query)) {
      throw usageFailure(`${list.length === 1 ? "the query" : `query ${index + 1}`} must be a JSON object`);
    }
    return query;
  });

  const taken = new Set(objects.map((query) => query["refId"]));
  const seen = new Set<string>();
  return objects.map((query) => {
    const refId = query["refId"] ?? nextRefId(taken);
    if (typeof refId !== "string" || refId === "") throw usageFailure("a query's refId must be a text");
    if (seen.has(refId)) throw usageFailure(`two queries have the refId ${JSON.stringify(refId)}`);
    seen.add(refId);
    taken.add(refId);
    const intervalMs = wholeNumber(query, "intervalMs", refId) ?? defaults.intervalMs;
    const maxDataPoints = wholeNumber(query, "maxDataPoints", refId) ?? defaults.maxDataPoints;
    const queryType = query["queryType"];
    if (queryType !== undefined && typeof queryType !== "string") {
      throw usageFailure(`query ${refId}: queryType must be a text`);
    }
    return {
      refId,
      ...(queryType === undefined ? {} : { queryType }),
      maxDataPoints,
      intervalMs,
      timeRange: defaults.timeRange,
      json: { datasource: defaults.dataSource, ...query, refId, intervalMs, maxDataPoints },
    };
  });
}

/** A, B, … Z, AA, AB, …: the first that no query has. */
function nextRefId(taken: ReadonlySet<unknown>): string {
  for (let number = 0; ; number++) {
    let name = "";
    for (let rest = number; rest >= 0; rest = Math.floor(rest / 26) - 1) {
      name = String.fromCharCode(65 + (rest % 26)) + name;
    }
    if (!taken.has(name)) return name;
  }
}

function wholeNumber(query: Record<string, unknown>, name: string, refId: string): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value <= 0) {
    throw usageFailure(`query ${refId}: ${name} must be a whole number above 0`);
  }
  return value;
}
