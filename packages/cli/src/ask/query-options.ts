import type { LocatedPlugin, QueryDataCall } from "@framewright/host";
import { queryInputs } from "../query-input.js";
import { parseDuration, parseTimeRange } from "../time-range.js";
import { intervalFor } from "../time-steps.js";
import { type DataSourceOptions, dataSourceUid, readPluginContext } from "./data-source-options.js";

/** What the command line says of queries beside their JSON. */
export interface QueryOptions extends DataSourceOptions {
  readonly from: string;
  readonly to: string;
  readonly interval?: string;
  readonly maxDataPoints: number;
}

/**
 * The call that asks a query, or several, as a panel of Grafana would. A time range relative to now is worked out anew for
 * each call.
 *
 * @param json the query, or an array of queries
 * @throws Failure (usage) where an option or a query is not what it should be
 */
export async function toQueryCall(
  plugin: Pick<LocatedPlugin, "pluginId" | "version">,
  json: unknown,
  options: QueryOptions,
): Promise<QueryDataCall> {
  const timeRange = parseTimeRange(options.from, options.to);
  const rangeMs = timeRange.to.getTime() - timeRange.from.getTime();
  const intervalMs =
    options.interval === undefined
      ? intervalFor(rangeMs, options.maxDataPoints)
      : parseDuration(options.interval, "--interval");
  const queries = queryInputs(json, {
    timeRange,
    intervalMs,
    maxDataPoints: options.maxDataPoints,
    dataSource: { type: plugin.pluginId, uid: dataSourceUid },
  });
  return { context: await readPluginContext(plugin, options), queries };
}
