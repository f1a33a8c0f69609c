import fc from "fast-check";
import {
  type Field,
  type FieldConfig,
  type FieldType,
  type Frame,
  type FrameMeta,
  fieldOf,
  fieldTypes,
  frame,
  type Value,
  valuesOf,
} from "../src/index.js";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });

/** Values that a field of each type may have. */
const anyValue: Readonly<Record<FieldType, fc.Arbitrary<unknown>>> = {
  int8: fc.integer({ min: -0x80, max: 0x7f }),
  int16: fc.integer({ min: -0x8000, max: 0x7fff }),
  int32: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  int64,
  uint8: fc.integer({ min: 0, max: 0xff }),
  uint16: fc.integer({ min: 0, max: 0xffff }),
  uint32: fc.integer({ min: 0, max: 0xffff_ffff }),
  uint64,
  float32: fc.float(),
  float64: fc.double(),
  time: int64,
  enum: fc.integer({ min: 0, max: 0xffff }),
  string: text,
  boolean: fc.boolean(),
  // A document that is null and a row without a value are written alike in JSON.
  json: fc.jsonValue().filter((value) => value !== null),
};

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

function anyField(length: number): fc.Arbitrary<Field> {
  const rows = { minLength: length, maxLength: length };
  return fc.boolean().chain((nullable) => {
    const cells = <T>(value: fc.Arbitrary<T>) => fc.array(nullable ? fc.option(value) : value, rows);
    const options = fc
      .record(
        { name: text, labels: fc.dictionary(word, text, { maxKeys: 3, noNullPrototype: true }), config },
        { requiredKeys: ["name"] },
      )
      .map(({ config: members, ...rest }) => ({ ...members, ...rest, nullable }));
    return fc
      .constantFrom(...fieldTypes)
      .chain((type) =>
        fc.tuple(cells<unknown>(anyValue[type]), options).map(([values, o]) => fieldOf(type, values, o)),
      );
  });
}

/** Any frame of up to 6 fields and 40 rows. */
export const anyFrame: fc.Arbitrary<Frame> = fc
  .nat(40)
  .chain((length) =>
    fc
      .record({ name: text, fields: fc.array(anyField(length), { maxLength: 6 }), refId: text, meta: fc.option(meta) })
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
