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
  type ValueMapping,
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

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

const mappingResult = fc.record(
  { text: word, color: word, index: fc.integer({ min: 1, max: 9 }) },
  { requiredKeys: [] },
);

const mapping: fc.Arbitrary<ValueMapping> = fc.oneof(
  fc.record({
    type: fc.constant("value" as const),
    options: fc.dictionary(word, mappingResult, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  }),
  fc.record({
    type: fc.constant("range" as const),
    options: fc.record({ from: finite, to: finite, result: mappingResult }, { requiredKeys: ["result"] }),
  }),
  fc.record({
    type: fc.constant("special" as const),
    options: fc.record({ match: fc.constantFrom("true" as const, "null+nan" as const), result: mappingResult }),
  }),
);

const config: fc.Arbitrary<FieldConfig> = fc.record(
  {
    displayName: word,
    displayNameFromDS: word,
    description: word,
    unit: fc.constantFrom("celsius", "ms", "percentunit"),
    decimals: fc.integer({ min: 0, max: 9 }),
    min: finite,
    max: finite,
    interval: fc.integer({ min: 1, max: 1_000_000 }),
    noValue: word,
    filterable: fc.boolean(),
    writeable: fc.boolean(),
    mappings: fc.array(mapping, { minLength: 1, maxLength: 3 }),
    thresholds: fc.record({
      mode: fc.constantFrom("absolute" as const, "percentage" as const),
      steps: fc.array(fc.record({ value: finite, color: word }), { minLength: 1, maxLength: 3 }),
    }),
    links: fc.array(fc.record({ title: word, url: word, targetBlank: fc.constant(true) }), {
      minLength: 1,
      maxLength: 2,
    }),
    custom: fc.dictionary(word, fc.integer(), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: [] },
);

const meta: fc.Arbitrary<FrameMeta> = fc.record(
  {
    type: fc.constantFrom("timeseries-wide", "table"),
    typeVersion: fc.tuple(fc.nat(9), fc.nat(9)),
    path: word,
    channel: word,
    custom: fc.dictionary(
      word,
      fc.oneof(word, finite, fc.constantFrom(-0, { zeros: [0, -0], text: "-0" }), fc.array(fc.boolean())),
      { minKeys: 1, noNullPrototype: true },
    ),
    stats: fc.array(fc.record({ displayName: word, unit: word, value: finite }), { minLength: 1, maxLength: 2 }),
    preferredVisualisationType: fc.constantFrom("graph" as const, "logs" as const),
    dataTopic: fc.constant("annotations" as const),
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

/**
 * A frame as plain values, to be compared; what stands in rows without a value does not count.
 * @param document what of a JSON document counts; by default every character
 */
export function plain(from: Frame, document: (json: string) => string = (json) => json): unknown {
  const { name, refId, meta, length } = from;
  const fields = from.fields.map(({ name, nullable, labels, config, column }) => {
    const values: Value[] = Array.from(valuesOf(column), (value: Value) =>
      column.type === "json" && typeof value === "string" ? document(value) : value,
    );
    return { name, nullable, labels, config, type: column.type, nullCount: column.nullCount, values };
  });
  return { name, refId, meta, length, fields };
}
