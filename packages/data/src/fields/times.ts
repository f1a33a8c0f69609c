import type { TimeValue } from "../build/column-builder.js";
import { typedColumn } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { fieldOf } from "./field-of.js";

/**
 * A field of moments in time, exact to the nanosecond. `null` and `undefined` are rows without a value.
 *
 * Held as int64 nanoseconds since 1970-01-01T00:00:00Z, which reach from the year 1677 to 2262. A `number` may have
 * a fraction of a millisecond. A `BigInt64Array` of nanoseconds is taken as it is, without a copy: do not change it
 * afterwards.
 *
 * @throws {FrameError} naming the row, if a value is no moment (such as an invalid `Date`) or out of range
 */
export function times(values: ArrayLike<TimeValue | null | undefined>, options: FieldOptions = {}): Field {
  return values instanceof BigInt64Array
    ? unnamedField(typedColumn("time", values), options)
    : fieldOf("time", values, options);
}
