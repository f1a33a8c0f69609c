import type { Builder } from "flatbuffers";
import type { Field } from "../../field.js";
import { type FieldType, fieldTypeNames } from "../../field-type.js";
import { bytesPerValue } from "../../fixed-arrays.js";
import type { Frame } from "../../frame.js";
import { configJson, labelsJson } from "../../json/field-json.js";
import { frameMetaJson } from "../../json/frame-meta-json.js";
import * as Arrow from "../format.js";
import { tableVector } from "./vector.js";

/** A piece of metadata; one without a value is not written. */
export type Metadata = readonly (readonly [key: string, value: string | undefined])[];

/** What of a frame's schema costs time to make; it is written twice, in the schema message and in the footer. */
export interface PreparedSchema {
  /** Tells schemas apart. */
  readonly key: string;
  readonly metadata: Metadata;
  readonly fields: readonly { readonly field: Field; readonly metadata: Metadata }[];
}

/**
 * The schema of a frame with the metadata that the Go SDK writes.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/arrow.go
 */
export function prepareSchema(frame: Frame): PreparedSchema {
  const { name, refId, meta, tsType, labels, config } = Arrow.MetadataKey;
  const metadata: Metadata = [
    [name, frame.name],
    [refId, frame.refId],
    [meta, frame.meta === undefined ? undefined : frameMetaJson(frame.meta)],
  ];
  const fields = frame.fields.map((field) => ({
    field,
    metadata: [
      [tsType, fieldTypeNames[field.column.type].frontend],
      [labels, labelsJson(field)],
      [config, configJson(field)],
    ] satisfies Metadata,
  }));
  return { key: keyOf(metadata, fields), metadata, fields };
}

/** A text that no other schema has: all its texts, each with its length before it. */
function keyOf(metadata: Metadata, fields: PreparedSchema["fields"]): string {
  let key = textsOf(metadata);
  for (const { field, metadata: own } of fields) {
    key += `${field.name.length}:${field.name}${field.column.type}${field.nullable ? "?" : "!"}${textsOf(own)}`;
  }
  return key;
}

function textsOf(metadata: Metadata): string {
  let texts = "";
  for (const [, value] of metadata) {
    texts += value === undefined ? "-" : `${value.length}:${value}`;
  }
  return texts;
}

/** Writes the table `Schema` and returns its offset. */
export function writeSchema(builder: Builder, schema: PreparedSchema): number {
  const fields = tableVector(
    builder,
    schema.fields.map(({ field, metadata }) => writeField(builder, field, metadata)),
  );
  const metadata = writeMetadata(builder, schema.metadata);
  builder.startObject(Arrow.Schema.count);
  builder.addFieldOffset(Arrow.Schema.fields, fields, 0);
  builder.addFieldOffset(Arrow.Schema.metadata, metadata, 0);
  return builder.endObject();
}

function writeField(builder: Builder, field: Field, metadata: Metadata): number {
  const name = builder.createString(field.name);
  const [typeType, type] = writeType(builder, field.column.type);
  const children = tableVector(builder, []);
  const pairs = writeMetadata(builder, metadata);
  builder.startObject(Arrow.Field.count);
  builder.addFieldOffset(Arrow.Field.name, name, 0);
  builder.addFieldInt8(Arrow.Field.nullable, field.nullable ? 1 : 0, 0);
  builder.addFieldInt8(Arrow.Field.typeType, typeType, 0);
  builder.addFieldOffset(Arrow.Field.type, type, 0);
  builder.addFieldOffset(Arrow.Field.children, children, 0);
  builder.addFieldOffset(Arrow.Field.metadata, pairs, 0);
  return builder.endObject();
}

function writeType(builder: Builder, type: FieldType): [typeType: number, offset: number] {
  switch (type) {
    case "time":
      builder.startObject(Arrow.TimestampType.count);
      builder.addFieldInt16(Arrow.TimestampType.unit, Arrow.timeUnits.indexOf("nanosecond"), 0);
      return [Arrow.ArrowType.Timestamp, builder.endObject()];
    case "float32":
    case "float64":
      builder.startObject(Arrow.FloatingPointType.count);
      builder.addFieldInt16(Arrow.FloatingPointType.precision, Arrow.precisions.indexOf(type), 0);
      return [Arrow.ArrowType.FloatingPoint, builder.endObject()];
    case "string":
      builder.startObject(0);
      return [Arrow.ArrowType.Utf8, builder.endObject()];
    case "json":
      builder.startObject(0);
      return [Arrow.ArrowType.Binary, builder.endObject()];
    case "boolean":
      builder.startObject(0);
      return [Arrow.ArrowType.Bool, builder.endObject()];
    default:
      builder.startObject(Arrow.IntType.count);
      builder.addFieldInt32(Arrow.IntType.bitWidth, bytesPerValue(type) * 8, 0);
      builder.addFieldInt8(Arrow.IntType.isSigned, type.startsWith("int") ? 1 : 0, 0);
      return [Arrow.ArrowType.Int, builder.endObject()];
  }
}

/** Writes a vector of the table `KeyValue` and returns its offset. */
export function writeMetadata(builder: Builder, metadata: Metadata): number {
  const pairs: number[] = [];
  for (const [key, value] of metadata) {
    if (value !== undefined) {
      const keyOffset = builder.createString(key);
      const valueOffset = builder.createString(value);
      builder.startObject(Arrow.KeyValue.count);
      builder.addFieldOffset(Arrow.KeyValue.key, keyOffset, 0);
      builder.addFieldOffset(Arrow.KeyValue.value, valueOffset, 0);
      pairs.push(builder.endObject());
    }
  }
  return tableVector(builder, pairs);
}
