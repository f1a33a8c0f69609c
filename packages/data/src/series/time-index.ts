import type { TypedColumn } from "../column.js";
import type { Field } from "../field.js";
import type { Frame } from "../frame.js";
import { FrameError } from "../frame-error.js";
import { hasValue } from "../value.js";
import { type TimeSeriesSchema, type TimeSeriesShape, timeSeriesSchema } from "./time-series-schema.js";

/** The parts of a frame that holds time series. */
export interface TimeSeriesParts {
  readonly time: Field & { readonly column: TypedColumn<"time"> };
  readonly factors: readonly Field[];
  readonly values: readonly Field[];
}

/**
 * The parts of a frame whose shape is one of `shapes`, and whose rows have a time each.
 * @throws {FrameError} that says what is missing
 */
export function timeSeriesParts(frame: Frame, shapes: readonly TimeSeriesShape[]): TimeSeriesParts {
  const schema = timeSeriesSchema(frame);
  if (!shapes.includes(schema.shape)) {
    throw new FrameError(`${problemOf(schema)}; what is needed here is a ${shapes.join(" or ")} one`);
  }
  return partsOf(frame, schema);
}

function partsOf(frame: Frame, { factors, values }: TimeSeriesSchema): TimeSeriesParts {
  const pick = (indexes: readonly number[]): Field[] => indexes.flatMap((index) => frame.fields[index] ?? []);
  return { time: timeIndex(frame), factors: pick(factors), values: pick(values) };
}

/**
 * The first time field of a frame, whose rows have a time each.
 * @throws {FrameError} if there is none; naming field and row, if a row has no time
 */
export function timeIndex({ fields }: Frame): TimeSeriesParts["time"] {
  const field = fields.find(({ column }) => column.type === "time");
  if (field === undefined || field.column.type !== "time") {
    throw new FrameError("there is no time field");
  }
  const time = { ...field, column: field.column };
  requireTimes(time);
  return time;
}

function problemOf({ shape, time, factors }: TimeSeriesSchema): string {
  if (shape === "not") {
    return time < 0
      ? "the frame is no time series: it has no time field"
      : "the frame is no time series: beside the time it has no field of values";
  }
  return factors.length === 0
    ? "the frame is a wide time series: it has no field of text or booleans that tells series apart"
    : "the frame is a long time series: it has fields of text or booleans";
}

/** Throws where a row has no time. */
function requireTimes({ name, column }: TimeSeriesParts["time"]): void {
  if (column.nullCount === 0) {
    return;
  }
  let row = 0;
  while (hasValue(column, row)) {
    row++;
  }
  throw new FrameError("has no time; leave such rows out of the query", { field: name, row });
}

/** Throws where there is no row. */
export function requireRows(frame: Frame): void {
  if (frame.length === 0) {
    throw new FrameError("there are no rows");
  }
}

/**
 * Throws where a time comes before that of the row above.
 * @throws {FrameError} naming field and row
 */
export function requireSorted({ name, column }: TimeSeriesParts["time"]): void {
  const { values, length } = column;
  for (let row = 1; row < length; row++) {
    if ((values[row] ?? 0n) < (values[row - 1] ?? 0n)) {
      throw new FrameError(
        "the time is before that of the row above; sort the query by time, ascending, or use sortByTime",
        { field: name, row },
      );
    }
  }
}
