import { type Frame, frame } from "../frame.js";
import { takeRows } from "../take.js";
import { timeIndex } from "./time-index.js";

/**
 * The frame with its rows in ascending order of the first time field; rows of one time stay in the order they have. A
 * frame whose rows are in order already is returned as it is.
 *
 * Sorting where the data comes from is cheaper: a database often has an index for it.
 *
 * @throws {FrameError} that names field and row where there are any, if there is no time field, or a row has no time
 */
export function sortByTime(series: Frame): Frame {
  const { values, length } = timeIndex(series).column;
  const rows = Int32Array.from({ length }, (_, row) => row);
  if (rows.every((row) => row === 0 || (values[row - 1] ?? 0n) <= (values[row] ?? 0n))) {
    return series;
  }
  rows.sort((a, b) => {
    const x = values[a] ?? 0n;
    const y = values[b] ?? 0n;
    return x < y ? -1 : x > y ? 1 : a - b;
  });
  const fields = series.fields.map((field) => ({ ...field, column: takeRows(field.column, rows) }));
  const { name, refId, meta } = series;
  return frame(name, fields, meta === undefined ? { refId } : { refId, meta });
}
