import { type Field, type Frame, type FrameMeta, frame } from "@framewright/data";
import type { TimeRange } from "../../queries/time-range.js";
import { genericSql, type SqlDialect } from "../dialect.js";
import type { FillSetting } from "../fill-setting.js";
import type { SqlFormat } from "../query/sql-query.js";
import { DEFAULT_ROW_LIMIT } from "../result/row-limit.js";
import { epochTimes } from "./epoch-time.js";
import { toTimeSeries } from "./time-series.js";
import { withTypeIfFit } from "./with-type-if-fit.js";

/** What {@link shapeResult} needs to know of a query. What `expandMacros` gives fits in as it is. */
export interface ShapeOptions {
  /** What is made of the result: a table, time series or log lines. */
  readonly format: SqlFormat;
  /** The span that gaps are filled in. */
  readonly timeRange: TimeRange;
  /** The query as it was run, for the query inspector. */
  readonly sql?: string;
  /** How gaps of time series are filled. */
  readonly fill?: FillSetting | undefined;
  /** Whether a time column of small numbers holds seconds. */
  readonly timeInSeconds?: boolean;
  /** The engine, which says what a time column is called. Default: `time`. */
  readonly dialect?: SqlDialect;
  /** Rows that filling may make. Default: 1,000,000 */
  readonly rowLimit?: number;
}

/**
 * Makes of the rows of a result what the format asks for, as Grafana's own SQL data sources do:
 *
 * - `table`: the rows as they are. A column called `time`, and one called `timeend`, become times if they hold numbers;
 * - `time_series`: one field a series. The time column is the one called `time`, else the first of times; text columns become labels;
 *   of a time, a value and a column `metric`, this names the series; all values become float64; gaps are filled;
 * - `logs`: as `table`, shown as log lines.
 *
 * Of a result without rows no fields are left.
 *
 * @throws {DownstreamError} with status 400 that names column and row where there are any, if the result can be no time series:
 *   its time column is missing or holds something else, a row has no time or comes before the one above, there are no numbers,
 *   or a column holds JSON
 */
export function shapeResult(result: Frame, options: ShapeOptions): Frame {
  const { sql = "", timeInSeconds = false, dialect = genericSql, rowLimit = DEFAULT_ROW_LIMIT, fill } = options;
  const meta: FrameMeta = sql === "" ? { ...result.meta } : { ...result.meta, executedQueryString: sql };
  const rows = frame(result.name, result.length === 0 ? [] : result.fields, { refId: result.refId, meta });
  if (rows.length === 0) {
    return rows;
  }
  if (options.format === "time_series") {
    return toTimeSeries(rows, { ...options, sql, timeInSeconds, dialect, rowLimit, fill });
  }
  const isLogs = options.format === "logs";
  const isTime = ({ name }: Field): boolean =>
    dialect.timeColumns.includes(name) || (isLogs && name === "timestamp") || name.toLowerCase() === "timeend";
  if (!isLogs && !rows.fields.some(isTime)) {
    return rows;
  }
  const fields = rows.fields.map((field) => (isTime(field) ? timeField(field, timeInSeconds) : field));
  return isLogs ? logs(rows, fields) : frame(rows.name, fields, { refId: rows.refId, meta });
}

/** The field as one of times, if that is what it holds. */
function timeField(field: Field, inSeconds: boolean): Field {
  const column = epochTimes(field.column, inSeconds);
  return typeof column === "string" ? field : { ...field, column };
}

/** Log lines, by the contract where the columns are called as it says: `timestamp`, `body`, `severity`, `id`, `labels`. */
function logs({ name, refId, meta }: Frame, fields: readonly Field[]): Frame {
  const lines = frame(name, fields, { refId, meta: { ...meta, preferredVisualisationType: "logs" } });
  return withTypeIfFit("log-lines", lines);
}
