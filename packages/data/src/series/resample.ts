import type { TimeValue } from "../build/column-builder.js";
import { typedColumn } from "../columns.js";
import { columnOf } from "../fields/field-of.js";
import { type Frame, frame } from "../frame.js";
import { describe, FrameError } from "../frame-error.js";
import { takeRows } from "../take.js";
import type { Fill } from "./fill.js";
import { type Reducer, reduceField, type Steps } from "./reduce.js";
import { requireSorted, timeSeriesParts } from "./time-index.js";
import { timeSeriesSchema } from "./time-series-schema.js";

/** How {@link resample} works. */
export interface ResampleOptions {
  /** Time of the first row of the result. */
  readonly from: TimeValue;
  /** The last row of the result is not after this time. */
  readonly to: TimeValue;
  /** Between two rows of the result: milliseconds as a `number`, or nanoseconds as a `bigint`. 0 leaves the series as it is. */
  readonly interval: number | bigint;
  /** What becomes of the values within a step. Default `"last"`. */
  readonly reducer?: Reducer;
  /** What stands where a step has no value. Default `"null"`. */
  readonly fill?: Fill;
}

/** Steps that a result may have. More than this is a mistake in the interval, not a chart. */
const MAX_STEPS = 10_000_000;

/**
 * The series at regular times: `from`, `from + interval` and so on up to `to`. The row at a time stands for the step that
 * ends there: the rows after the time before it, up to and with its own. For `fill: "previous"`, rows before the first step
 * count too. Text and boolean fields have the value of the last row up to the time.
 *
 * With the reducer `"last"` it does what the Go SDK's `ResampleWideFrame` does; unlike there, refId and config are kept.
 *
 * @throws {FrameError} that names field and row where there are any, if the frame is no time series, is a long one for
 *   another reducer than `"last"` and `"first"`, has a row without a time or one that is not in ascending order, or `from`,
 *   `to` and `interval` make no steps or far too many
 */
export function resample(series: Frame, options: ResampleOptions): Frame {
  const { reducer = "last", fill = "null" } = options;
  const parts = timeSeriesParts(series, ["wide", "long"]);
  requireSorted(parts.time);
  if (parts.factors.length > 0 && reducer !== "last" && reducer !== "first") {
    throw new FrameError(`the ${reducer} would mix the series of a long frame; convert it with longToWide first`);
  }
  const interval = nanosecondsOf(options.interval, "interval");
  if (interval === 0n) {
    return series;
  }
  const times = stepTimes(options, interval);
  const steps = stepsOf(parts.time.column.values.subarray(0, series.length), times, interval);
  const { time } = timeSeriesSchema(series);
  const fields = series.fields.map((field, index) => {
    if (index === time) {
      return { ...field, column: typedColumn("time", times) };
    }
    return parts.factors.includes(field)
      ? { ...field, nullable: true, column: takeRows(field.column, lastRows(steps)) }
      : reduceField(field, steps, reducer, fill);
  });
  const { name, refId, meta } = series;
  return frame(name, fields, meta === undefined ? { refId } : { refId, meta });
}

function stepTimes({ from, to, interval }: ResampleOptions, step: bigint): BigInt64Array {
  const first = nanosecondsOf(from, "from");
  const last = nanosecondsOf(to, "to");
  if (step < 0n) {
    throw new FrameError(`interval: ${describe(interval)} is less than nothing`);
  }
  if (last < first) {
    throw new FrameError("to: is before from");
  }
  const count = (last - first) / step + 1n;
  if (count > MAX_STEPS) {
    throw new FrameError(
      `interval: from and to are ${count} steps apart; ${MAX_STEPS.toLocaleString("en")} can be made`,
    );
  }
  return BigInt64Array.from({ length: Number(count) }, (_, index) => first + BigInt(index) * step);
}

function nanosecondsOf(value: TimeValue, name: string): bigint {
  try {
    return columnOf("time", [value]).values[0] ?? 0n;
  } catch {
    throw new FrameError(`${name}: ${describe(value)} is no time`);
  }
}

/** Finds the rows of each step, which ends at its time and begins after the time one interval before. */
function stepsOf(values: BigInt64Array, times: BigInt64Array, interval: bigint): Steps {
  const starts = new Int32Array(times.length);
  const ends = new Int32Array(times.length);
  const first = (times[0] ?? 0n) - interval;
  let row = 0;
  while (row < values.length && (values[row] ?? 0n) <= first) {
    row++;
  }
  for (const [step, time] of times.entries()) {
    starts[step] = row;
    while (row < values.length && (values[row] ?? 0n) <= time) {
      row++;
    }
    ends[step] = row;
  }
  return { starts, ends };
}

/** The last row up to the time of each step, whether it belongs to the step or to one before. */
function lastRows({ ends }: Steps): Int32Array {
  return ends.map((end) => end - 1);
}
