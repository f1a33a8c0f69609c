import type { Frame } from "../frame.js";

/**
 * How a frame holds time series.
 * - `wide`: a time field and one value field for each series; labels tell the series apart.
 * - `long`: the rows of all series one behind the other; text and boolean fields, called factors, tell them apart.
 * - `not`: there is no time field, or nothing beside it that could be a value.
 */
export type TimeSeriesShape = "not" | "long" | "wide";

/** Which fields of a frame play which part in its time series. Fields are given by their place in the frame. */
export interface TimeSeriesSchema {
  /** `wide`: one time field, then a field for each series; `long`: a row for each point, labels in fields of their own. */
  readonly shape: TimeSeriesShape;
  /** The first time field; -1 where there is none. */
  readonly time: number;
  /** Text and boolean fields. */
  readonly factors: readonly number[];
  /** All other fields. A second time field is one of them. */
  readonly values: readonly number[];
}

/**
 * Finds out how a frame holds time series, by the types of its fields alone.
 * Source: the Go SDK's `Frame.TimeSeriesSchema`.
 */
export function timeSeriesSchema(frame: Frame): TimeSeriesSchema {
  const time = frame.fields.findIndex(({ column }) => column.type === "time");
  const factors: number[] = [];
  const values: number[] = [];
  for (const [index, { column }] of frame.fields.entries()) {
    if (column.type === "string" || column.type === "boolean") {
      factors.push(index);
    } else if (index !== time) {
      values.push(index);
    }
  }
  const shape = time < 0 || values.length === 0 ? "not" : factors.length === 0 ? "wide" : "long";
  return { shape, time, factors, values };
}
