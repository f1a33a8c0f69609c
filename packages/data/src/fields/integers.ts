import type { TypedColumn } from "../column.js";
import { typedColumn } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import type { IntegerType } from "../field-type.js";
import { fieldOf } from "./field-of.js";

/**
 * A field of signed 64-bit integers. `null` and `undefined` are rows without a value.
 *
 * A `number` must be whole and within ±(2^53 - 1), beyond which it is no longer exact; a `bigint` may be any int64.
 * A typed array of whole numbers is taken as it is, without a copy: do not change it afterwards. It makes a field of
 * its own width, so that a `Uint8Array` makes one of uint8. For other widths from plain values there is `fieldOf`.
 *
 * @throws {FrameError} naming the row, if a value is not an integer or does not fit
 */
export function integers(values: ArrayLike<number | bigint | null | undefined>, options: FieldOptions = {}): Field {
  const column = columnOver(values);
  return column === undefined ? fieldOf("int64", values, options) : unnamedField(column, options);
}

function columnOver(values: unknown): TypedColumn<IntegerType> | undefined {
  if (values instanceof Int8Array) return typedColumn("int8", values);
  if (values instanceof Int16Array) return typedColumn("int16", values);
  if (values instanceof Int32Array) return typedColumn("int32", values);
  if (values instanceof BigInt64Array) return typedColumn("int64", values);
  if (values instanceof Uint8Array) return typedColumn("uint8", values);
  if (values instanceof Uint16Array) return typedColumn("uint16", values);
  if (values instanceof Uint32Array) return typedColumn("uint32", values);
  if (values instanceof BigUint64Array) return typedColumn("uint64", values);
  return undefined;
}
