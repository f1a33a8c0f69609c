import { emptyColumn } from "../../columns.js";
import { type Field, field as makeField } from "../../field.js";
import { type FieldType, fieldTypeNames, fieldTypes } from "../../field-type.js";
import { type Frame, frame } from "../../frame.js";
import { describe, FrameError } from "../../frame-error.js";
import { fieldConfigShape } from "../field-config-json.js";
import { labelsShape } from "../field-json.js";
import { frameMetaShape } from "../frame-meta-json.js";
import { anyText, anything, flag, listOf, object, recordOf, required } from "../shape.js";
import { parsed } from "./cursor.js";
import { parseJson } from "./parse-json.js";
import { type DataParts, type Part, readParts } from "./parts.js";
import { type Beside, readValues } from "./read-values.js";

/**
 * The frame in Grafana's JSON, such as `encodeJson` or the Go SDK writes, as text or UTF-8 bytes. 64-bit integers and
 * times are exact. Without `data` the frame has no rows.
 *
 * Format: https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/frame_json.go
 *
 * @throws {FrameError} that names field and row where there are any, if the JSON is damaged or is no frame
 */
export function decodeJson(json: string | Uint8Array): Frame {
  const { schema, data } = readParts(json);
  if (schema === undefined) {
    throw new FrameError("the JSON has no schema; with data alone, decodeJsonData takes the frame that has the schema");
  }
  const made = readSchema(parsed(schema.json, schema.start, parseJson));
  return data === undefined ? made : readData(data, made);
}

/**
 * The values in `{"data": …}`, which a stream sends after the schema, as a frame like `schema`, whose own rows do not
 * count.
 * @throws {FrameError} that names field and row where there are any, if the JSON is damaged or does not fit the schema
 */
export function decodeJsonData(json: string | Uint8Array, schema: Frame): Frame {
  const { data } = readParts(json);
  if (data === undefined) {
    throw new FrameError("the JSON has no data");
  }
  return readData(data, schema);
}

interface FieldJson {
  readonly name?: string;
  readonly type?: string;
  readonly typeInfo?: { readonly frame?: string; readonly nullable?: boolean };
  readonly labels?: unknown;
  readonly config?: unknown;
}

const typeInfo = object<NonNullable<FieldJson["typeInfo"]>>({ frame: anyText, nullable: flag });
const fieldJson = object<FieldJson>({
  name: anyText,
  type: anyText,
  typeInfo,
  labels: recordOf(anyText),
  config: anything,
});
const schemaJson = object<{ name?: string; refId?: string; meta?: unknown; fields?: readonly FieldJson[] }>({
  name: anyText,
  refId: anyText,
  meta: anything,
  fields: listOf(fieldJson),
});

function readSchema(value: unknown): Frame {
  const { name = "", refId = "", meta, fields = [] } = required(schemaJson, value, "schema");
  const read = frameMetaShape.read(meta, "schema.meta");
  return frame(name, fields.map(readField), read === undefined ? { refId } : { refId, meta: read });
}

function readField({ name = "", type, typeInfo, labels, config }: FieldJson, index: number): Field {
  const path = `schema.fields[${index}]`;
  // Grafana's frontend knows the types of its own alone, and allows for null in each.
  const [fieldType, nullable] =
    typeInfo === undefined
      ? [lookUp(frontendTypes, type, `${path}.type`), true]
      : [lookUp(itemTypes, typeInfo.frame, `${path}.typeInfo.frame`), typeInfo.nullable ?? false];
  return {
    ...makeField(name, emptyColumn(fieldType), { nullable }),
    labels: labelsShape.read(labels, `${path}.labels`),
    config: fieldConfigShape.read(config, `${path}.config`),
  };
}

/** Types by the names of the Go SDK's element types, among them some that it only reads. */
const itemTypes: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ...fieldTypes.map((type) => [fieldTypeNames[type].item, type] as const),
  ["int", "int64"],
  ["double", "float64"],
  ["float", "float64"],
  ["boolean", "boolean"],
  ["time", "time"],
  ["json", "json"],
]);

/** Types by the names of Grafana's frontend. */
const frontendTypes: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ["number", "float64"],
  ["time", "time"],
  ["string", "string"],
  ["boolean", "boolean"],
  ["enum", "enum"],
  ["other", "json"],
]);

function lookUp(types: ReadonlyMap<string, FieldType>, name: string | undefined, path: string): FieldType {
  const type = types.get(name ?? "");
  if (type === undefined) {
    throw new FrameError(`${path}: ${describe(name)} is no type of a field`);
  }
  return type;
}

function readData({ values = [], entities, nanos }: DataParts, schema: Frame): Frame {
  const count = schema.fields.length;
  if (values.length > count) {
    throw new FrameError(`data.values: has values of more than the ${count} fields of the schema`);
  }
  const besides = readBesides(entities, nanos, count);
  const fields = values.map((list, index): Field => {
    const field = schema.fields[index] ?? makeField("", emptyColumn("string"));
    const beside = besides[index] ?? { entities: undefined, nanos: undefined };
    const column = readValues(list, field, beside);
    checkBeside(beside, column.length, field.name);
    return Object.freeze({ ...field, column });
  });
  if (fields.length !== count) {
    throw new FrameError(`data.values: has values of ${fields.length} fields, where the schema has ${count}`);
  }
  const { name, refId, meta } = schema;
  return frame(name, fields, meta === undefined ? { refId } : { refId, meta });
}

const entityValues: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Inf: Number.POSITIVE_INFINITY,
  NegInf: Number.NEGATIVE_INFINITY,
};

function readBesides(entities: Part | undefined, nanos: Part | undefined, count: number): Beside[] {
  const entityLists = listFrom(entities, "data.entities");
  const nanoLists = listFrom(nanos, "data.nanos");
  return Array.from({ length: count }, (_, index) => ({
    entities: readEntities(entityLists[index], `data.entities[${index}]`),
    nanos: readNanos(nanoLists[index], `data.nanos[${index}]`),
  }));
}

function listFrom(part: Part | undefined, path: string): readonly unknown[] {
  const value = part === undefined ? [] : parsed(part.json, part.start);
  if (value !== null && !Array.isArray(value)) {
    throw new FrameError(`${path}: is not a list`);
  }
  return value ?? [];
}

function readEntities(value: unknown, path: string): ReadonlyMap<number, number> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const rows = new Map<number, number>();
  for (const [key, list] of Object.entries(required(recordOf(anything), value, path))) {
    const entity = Object.hasOwn(entityValues, key) ? entityValues[key] : undefined;
    if (entity === undefined) {
      // Grafana's frontend has a fourth, Undef: a row without a value, which is what null says already.
      continue;
    }
    for (const row of wholeNumbers(list, `${path}.${key}`)) {
      rows.set(row, entity);
    }
  }
  return rows;
}

function readNanos(value: unknown, path: string): readonly number[] | undefined {
  return value === undefined || value === null ? undefined : wholeNumbers(value, path);
}

function wholeNumbers(value: unknown, path: string): number[] {
  if (!Array.isArray(value)) {
    throw new FrameError(`${path}: is not a list`);
  }
  return value.map((element: unknown) => {
    if (typeof element !== "number" || !Number.isInteger(element) || element < 0 || element > 0x7fff_ffff) {
      throw new FrameError(`${path}: holds something else than whole numbers`);
    }
    return element;
  });
}

/** What stands beside values must belong to them; else some of it was lost. */
function checkBeside({ entities, nanos }: Beside, length: number, field: string): void {
  for (const row of entities?.keys() ?? []) {
    if (row >= length) {
      throw new FrameError("is named in data.entities, but there is no such row", { field, row });
    }
  }
  if (nanos !== undefined && nanos.length !== length) {
    throw new FrameError(`has ${nanos.length} nanoseconds in data.nanos for ${length} rows`, { field });
  }
}
