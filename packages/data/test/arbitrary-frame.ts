import fc from "fast-check";
import {
  booleans,
  type Field,
  type FieldConfig,
  type Frame,
  type FrameMeta,
  frame,
  integers,
  numbers,
  strings,
  times,
  type Value,
  valuesOf,
} from "../src/index.js";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });

const config: fc.Arbitrary<FieldConfig> = fc.record(
  {
    displayName: word,
    unit: fc.constantFrom("celsius", "ms", "percentunit"),
    decimals: fc.integer({ min: 0, max: 9 }),
    min: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    filterable: fc.boolean(),
    custom: fc.dictionary(word, fc.integer(), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: [] },
);

const meta: fc.Arbitrary<FrameMeta> = fc.record(
  {
    type: fc.constantFrom("timeseries-wide", "table"),
    typeVersion: fc.tuple(fc.nat(9), fc.nat(9)),
    executedQueryString: word,
    notices: fc.array(
      fc.record({ severity: fc.constantFrom("info" as const, "warning" as const, "error" as const), text }),
      { minLength: 1, maxLength: 2 },
    ),
    uniqueRowIdFields: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["typeVersion"] },
);

function fieldOf(length: number): fc.Arbitrary<Field> {
  const rows = { minLength: length, maxLength: length };
  return fc.boolean().chain((nullable) => {
    const cells = <T>(value: fc.Arbitrary<T>) => fc.array(nullable ? fc.option(value) : value, rows);
    const options = fc
      .record(
        { name: text, labels: fc.dictionary(word, text, { maxKeys: 3, noNullPrototype: true }), config },
        { requiredKeys: ["name"] },
      )
      .map(({ config: members, ...rest }) => ({ ...members, ...rest, nullable }));
    return fc.oneof(
      fc.tuple(cells(int64), options).map(([values, o]) => times(values, o)),
      fc.tuple(cells(fc.double()), options).map(([values, o]) => numbers(values, o)),
      fc.tuple(cells(int64), options).map(([values, o]) => integers(values, o)),
      fc.tuple(cells(text), options).map(([values, o]) => strings(values, o)),
      fc.tuple(cells(fc.boolean()), options).map(([values, o]) => booleans(values, o)),
    );
  });
}

/** Any frame of up to 6 fields and 40 rows. */
export const anyFrame: fc.Arbitrary<Frame> = fc
  .nat(40)
  .chain((length) =>
    fc
      .record({ name: text, fields: fc.array(fieldOf(length), { maxLength: 6 }), refId: text, meta: fc.option(meta) })
      .map(({ name, fields, refId, meta }) => frame(name, fields, meta === null ? { refId } : { refId, meta })),
  );

/** A frame as plain values, to be compared; what stands in rows without a value does not count. */
export function plain(from: Frame): unknown {
  const { name, refId, meta, length } = from;
  const fields = from.fields.map(({ name, nullable, labels, config, column }) => {
    const values: Value[] = [...valuesOf(column)];
    return { name, nullable, labels, config, type: column.type, nullCount: column.nullCount, values };
  });
  return { name, refId, meta, length, fields };
}
