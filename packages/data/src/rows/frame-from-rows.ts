import { DEFAULT_CAPACITY } from "../build/rows.js";
import { entriesInOrder, type Frame, type FrameOptions, frame } from "../frame.js";
import { describedFields } from "./described-fields.js";
import { inferredFields } from "./inferred-fields.js";
import type { NamedRowField, RowField } from "./row-field.js";
import type { KeysOf } from "./row-source.js";

/** What the fields of a frame are made of, by name. A name that is no key of the rows needs `from`. */
export type RowFields<Row, Name extends string> = Readonly<Record<Name, RowField<Row>>> &
  Readonly<Record<Exclude<Name, KeysOf<Row>>, { readonly from: unknown }>>;

/** What `frameFromRows` is told besides the rows. */
export interface RowsOptions<Fields> extends FrameOptions {
  /**
   * The fields of the frame, in this order; other members of the rows are left out. In the object form the keys are the
   * names. The array form allows for names that come twice or look like integers, and for fields known only at run time.
   */
  readonly fields?: Fields;
}

/**
 * A frame of rows: objects, or, with `fields`, also arrays. Rows are read one after the other and not kept.
 *
 * Without `fields` there is a field for each key of the rows, in the order in which they are first seen, and its type is
 * that of its values in all rows. Numbers become float64; bigints int64, as do numbers that are mixed with bigints, whole
 * and exact; booleans boolean; `Date`s time, and so do texts if each is an ISO 8601 date and time of day with an offset or
 * `Z`; other texts string; arrays and objects json. `null`, `undefined` and missing keys are rows without a value.
 * A field without any value is one of strings.
 *
 * With `fields` each field may have a type, and values are converted to it: texts to times and numbers, counts of seconds
 * to times, texts to enums.
 *
 * ```ts
 * frameFromRows("temperature", [{ at: "2024-07-01T12:00:00Z", celsius: 21.5 }]);
 * frameFromRows("temperature", [{ ts: 1719835200, main: { temp: "21.5" } }], {
 *   fields: {
 *     time: { type: "time", from: "ts", epoch: "s" },
 *     temperature: { type: "float64", from: "main.temp", unit: "celsius" },
 *   },
 * });
 * ```
 *
 * @throws {FrameError} naming field and row, if a value does not fit its field's type, values of a field without a type are
 *   of different kinds, or a field that is not nullable has a row without a value; naming the row, if it is none
 */
export function frameFromRows<Row>(
  name: string,
  rows: Iterable<Row>,
  options?: RowsOptions<readonly NamedRowField<Row>[]>,
): Frame;
export function frameFromRows<Row, const Name extends string>(
  name: string,
  rows: Iterable<Row>,
  options: RowsOptions<RowFields<Row, Name>>,
): Frame;
export function frameFromRows<Row>(
  name: string,
  rows: Iterable<Row>,
  { fields, ...options }: RowsOptions<AnyRowFields<Row>> = {},
): Frame {
  const capacity = Array.isArray(rows) ? rows.length : DEFAULT_CAPACITY;
  const made =
    fields === undefined ? inferredFields(rows, capacity) : describedFields(rows, namedFields(fields), capacity);
  return frame(name, made, options);
}

type AnyRowFields<Row> = Readonly<Record<string, RowField<Row>>> | readonly NamedRowField<Row>[];

function namedFields<Row>(fields: AnyRowFields<Row>): readonly NamedRowField<Row>[] {
  return isList(fields) ? fields : entriesInOrder(fields).map(([name, field]) => ({ ...field, name }));
}

// Array.isArray does not narrow a union with a readonly array.
function isList<Row>(fields: AnyRowFields<Row>): fields is readonly NamedRowField<Row>[] {
  return Array.isArray(fields);
}
