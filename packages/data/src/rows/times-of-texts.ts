import type { StringColumn, TypedColumn } from "../column.js";
import { makeTypedColumn } from "../columns.js";
import { halvesOf, writeBillions } from "../int64.js";
import { type Instant, isDateTimeWithOffset, parseTime } from "../time-text.js";
import { hasValue } from "../value.js";

/**
 * The moments that the texts of a column are; undefined where one of them is no ISO 8601 date and time of day with an
 * offset or `Z`, and where there are no texts.
 */
export function timesOfTexts(column: StringColumn): TypedColumn<"time"> | undefined {
  const { length, offsets, bytes } = column;
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  // Made with the first time: most columns of texts end there.
  let values: BigInt64Array | undefined;
  let halves: Int32Array | undefined;
  for (let row = 0; row < length; row++) {
    if (hasValue(column, row)) {
      const start = offsets[row] ?? 0;
      const end = offsets[row + 1] ?? 0;
      if (!parseTime(bytes, start, end, instant) || !isDateTimeWithOffset(bytes, start, end)) {
        return undefined;
      }
      values ??= new BigInt64Array(length);
      halves ??= halvesOf(values);
      writeBillions(halves, row, instant.seconds, instant.nanoseconds);
    }
  }
  return values === undefined ? undefined : makeTypedColumn("time", values, column);
}
