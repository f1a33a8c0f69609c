import {
  type Field,
  type Frame,
  FrameError,
  frame,
  longToWide,
  type Notice,
  resample,
  timeSeriesSchema,
} from "@framewright/data";
import { DownstreamError } from "../../errors.js";
import type { FillSetting } from "../fill-setting.js";
import { epochTimes } from "./epoch-time.js";
import { seriesField } from "./series-values.js";
import type { ShapeOptions } from "./shape-result.js";
import { withTypeIfFit } from "./with-type-if-fit.js";

/** What Grafana's own data sources call the time of a series, whatever the column is called. */
const TIME_NAME = "Time";

/** What goes wrong is what the query gave. */
function badResult(problem: string, cause?: Error): DownstreamError {
  return new DownstreamError(`time series: ${problem}`, { status: 400, ...(cause && { cause }) });
}

/**
 * A result with rows as wide time series, with their gaps filled.
 * @throws {DownstreamError} with status 400, if it can be none
 */
export function toTimeSeries(result: Frame, options: Required<ShapeOptions>): Frame {
  const { fields, notices } = seriesFields(result, options);
  const meta = withNotices(result, notices);
  const rows = frame(result.name, fields, { refId: result.refId, meta });
  checkTimes(rows, timeSeriesSchema(rows).time);
  try {
    const { shape } = timeSeriesSchema(rows);
    if (shape === "not") {
      throw badResult("there is no column of numbers beside the time");
    }
    const { fill } = options;
    const wide =
      shape === "long" ? namedByMetric(longToWide(rows, { fill: fill?.fill ?? "null" }), fields.length) : rows;
    return withTypeIfFit("timeseries-wide", fill === undefined ? wide : filled(wide, fill, options));
  } catch (error) {
    throw error instanceof FrameError ? badResult(error.message, error) : error;
  }
}

function seriesFields(result: Frame, options: Required<ShapeOptions>): { fields: Field[]; notices: Notice[] } {
  const time = timeIndex(result, options.dialect.timeColumns);
  const notices: Notice[] = [];
  const fields = result.fields.map((field, index) => {
    const name = `column ${JSON.stringify(field.name)}`;
    if (index === time) {
      const column = epochTimes(field.column, options.timeInSeconds);
      if (typeof column === "string") {
        throw badResult(`${name}: ${column}`);
      }
      return { ...field, name: TIME_NAME, nullable: column.nullCount > 0, column };
    }
    const made = seriesField(field);
    if (typeof made === "string") {
      throw badResult(`${name}: ${made}`);
    }
    notices.push(...made.notices);
    return made.field;
  });
  return { fields, notices };
}

/** The place of the time column: the last that has one of the names, as in Grafana's own data sources, or the first of times. */
function timeIndex({ fields }: Frame, names: readonly string[]): number {
  const named = fields.findLastIndex(({ name }) => names.includes(name));
  const index = named >= 0 ? named : fields.findIndex(({ column }) => column.type === "time");
  if (index < 0) {
    const wanted = names.map((name) => JSON.stringify(name)).join(" or ");
    throw badResult(`there is no time column; call one ${wanted}, or choose the format table`);
  }
  return index;
}

/** Series need a time in each row, in ascending order. */
function checkTimes(rows: Frame, time: number): void {
  const column = rows.fields[time]?.column;
  if (column?.type !== "time") {
    return;
  }
  const { values, length, nullCount } = column;
  if (nullCount > 0) {
    throw badResult(`${nullCount} of ${length} rows have no time; leave them out with WHERE … IS NOT NULL`);
  }
  for (let row = 1; row < length; row++) {
    if ((values[row] ?? 0n) < (values[row - 1] ?? 0n)) {
      throw badResult(`the rows are not in the order of their time: row ${row + 1} is before row ${row}; add ORDER BY`);
    }
  }
}

/**
 * Where the only columns are a time, a value and one called `metric`, this names the series, as it did before series had
 * labels.
 */
function namedByMetric(wide: Frame, columns: number): Frame {
  if (columns !== 3) {
    return wide;
  }
  const fields = wide.fields.map((field) => {
    const metric = field.labels?.["metric"];
    return metric === undefined ? field : { ...field, name: metric, labels: undefined };
  });
  return withFields(wide, fields);
}

/** The series at regular times: multiples of the interval, from the one that the time range begins in. */
function filled(wide: Frame, { fill, interval }: FillSetting, { timeRange, rowLimit }: Required<ShapeOptions>): Frame {
  if (interval === undefined) {
    return wide;
  }
  const from = BigInt(timeRange.from.getTime()) * 1_000_000n;
  const to = BigInt(timeRange.to.getTime()) * 1_000_000n;
  const rest = from % interval;
  const aligned = from - (rest < 0n ? rest + interval : rest);
  if ((to - aligned) / interval > rowLimit) {
    const text =
      "Fill operation skipped: time range and interval would require more points than the configured row limit";
    return frame(wide.name, wide.fields, {
      refId: wide.refId,
      meta: withNotices(wide, [{ severity: "warning", text }]),
    });
  }
  return resample(wide, { from: aligned, to, interval, fill });
}

function withFields({ name, refId, meta }: Frame, fields: readonly Field[]): Frame {
  return frame(name, fields, meta === undefined ? { refId } : { refId, meta });
}

function withNotices({ meta }: Frame, notices: readonly Notice[]): NonNullable<Frame["meta"]> {
  return notices.length === 0 ? { ...meta } : { ...meta, notices: [...(meta?.notices ?? []), ...notices] };
}
