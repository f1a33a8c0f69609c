import type { FieldType } from "../../column.js";
import type { Labels } from "../../field.js";
import type { FieldConfig } from "../../field-config.js";
import { FrameError } from "../../frame-error.js";
import type { FrameMeta } from "../../frame-meta.js";
import { readFieldConfig } from "../../json/field-config-json.js";
import { readLabels } from "../../json/field-json.js";
import { readFrameMeta } from "../../json/frame-meta-json.js";
import type { Reader } from "../../json/shape.js";
import { ArrowError } from "../arrow-error.js";
import * as Arrow from "../format.js";
import { type FlatTable, int16Of, int32Of, tableOf, tablesOf, textOf, uint8Of } from "./flat-buffer.js";

/** How a field's values stand in the file. */
export interface DecodedField {
  readonly name: string;
  readonly nullable: boolean;
  readonly labels: Labels | undefined;
  readonly config: FieldConfig | undefined;
  readonly type: FieldType;
  /** For a time: by how much each value is multiplied to give nanoseconds. Otherwise 1. */
  readonly factor: bigint;
}

/** A file's schema. */
interface DecodedSchema {
  readonly name: string;
  readonly refId: string;
  readonly meta: FrameMeta | undefined;
  readonly fields: readonly DecodedField[];
}

/** Reads the table `Schema`. */
export function readSchema(table: FlatTable): DecodedSchema {
  if (int16Of(table, Arrow.Schema.endianness) !== 0) {
    throw new ArrowError("the Arrow file is big-endian, which is not supported");
  }
  const metadata = readMetadata(table, Arrow.Schema.metadata);
  return {
    name: metadata.get(Arrow.MetadataKey.name) ?? "",
    refId: metadata.get(Arrow.MetadataKey.refId) ?? "",
    meta: readJson(metadata, Arrow.MetadataKey.meta, readFrameMeta, "the frame"),
    fields: tablesOf(table, Arrow.Schema.fields).map(readField),
  };
}

function readField(table: FlatTable): DecodedField {
  const name = textOf(table, Arrow.Field.name) ?? "";
  const what = `field ${JSON.stringify(name)}`;
  if (tableOf(table, Arrow.Field.dictionary) !== undefined) {
    throw new ArrowError(`${what}: dictionary-encoded values are not supported`);
  }
  const metadata = readMetadata(table, Arrow.Field.metadata);
  return {
    name,
    nullable: uint8Of(table, Arrow.Field.nullable) !== 0,
    labels: readJson(metadata, Arrow.MetadataKey.labels, readLabels, what),
    config: readJson(metadata, Arrow.MetadataKey.config, readFieldConfig, what),
    ...readType(table, what),
  };
}

function readType(field: FlatTable, what: string): { type: FieldType; factor: bigint } {
  const typeType = uint8Of(field, Arrow.Field.typeType);
  const table = tableOf(field, Arrow.Field.type);
  if (table === undefined) {
    throw new ArrowError(`${what}: the Arrow schema gives no type`);
  }
  switch (typeType) {
    case Arrow.ArrowType.Timestamp:
      return { type: "time", factor: factorOf(int16Of(table, Arrow.TimestampType.unit), what) };
    case Arrow.ArrowType.FloatingPoint:
      if (int16Of(table, Arrow.FloatingPointType.precision) === Arrow.PRECISION_DOUBLE) {
        return { type: "float64", factor: 1n };
      }
      throw unsupported(what, "floating point numbers of other than 64 bits");
    case Arrow.ArrowType.Int: {
      const bits = int32Of(table, Arrow.IntType.bitWidth);
      const signed = uint8Of(table, Arrow.IntType.isSigned) !== 0;
      if (bits === 64 && signed) {
        return { type: "int64", factor: 1n };
      }
      throw unsupported(what, `${signed ? "signed" : "unsigned"} integers of ${bits} bits`);
    }
    case Arrow.ArrowType.Utf8:
      return { type: "string", factor: 1n };
    case Arrow.ArrowType.Bool:
      return { type: "boolean", factor: 1n };
    default:
      throw unsupported(what, `the Arrow type ${Arrow.arrowTypeNames[typeType] ?? `number ${typeType}`}`);
  }
}

function factorOf(unit: number, what: string): bigint {
  if (Arrow.timeUnits[unit] === undefined) {
    throw unsupported(what, `the time unit number ${unit}`);
  }
  return 1000n ** BigInt(Arrow.timeUnits.length - 1 - unit);
}

function unsupported(what: string, type: string): ArrowError {
  const known = "timestamps, 64-bit floating point numbers, signed 64-bit integers, Utf8 and Bool";
  return new ArrowError(`${what}: ${type} cannot be read; what can are ${known}`);
}

function readMetadata(table: FlatTable, member: number): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const pair of tablesOf(table, member)) {
    metadata.set(textOf(pair, Arrow.KeyValue.key) ?? "", textOf(pair, Arrow.KeyValue.value) ?? "");
  }
  return metadata;
}

/** Reads the JSON under `key`, which Go writes and then reads again the same way. */
function readJson<T>(metadata: Map<string, string>, key: string, reader: Reader<T>, what: string): T | undefined {
  const json = metadata.get(key);
  if (json === undefined) {
    return undefined;
  }
  try {
    return reader(JSON.parse(json), key);
  } catch (cause) {
    if (cause instanceof FrameError) {
      throw new ArrowError(`${what}: ${cause.message}`, { cause });
    }
    // What the parser says quotes its input, and so would an error that repeats it.
    throw new ArrowError(`${what}: the metadata ${JSON.stringify(key)} is not valid JSON`);
  }
}
