import type { Labels } from "../../field.js";
import type { FieldConfig } from "../../field-config.js";
import { FrameError } from "../../frame-error.js";
import type { FrameMeta } from "../../frame-meta.js";
import { parseJson } from "../../json/decode/parse-json.js";
import { fieldConfigShape } from "../../json/field-config-json.js";
import { labelsShape } from "../../json/field-json.js";
import { frameMetaShape } from "../../json/frame-meta-json.js";
import type { Shape } from "../../json/shape.js";
import { decodeUtf8 } from "../../utf8.js";
import { ArrowError } from "../arrow-error.js";
import * as Arrow from "../format.js";
import { bytesOf, type FlatTable, int16Of, sizeOf, tableOf, tablesOf, textOf, uint8Of } from "./flat-buffer.js";
import { type IndexType, readIndexType, readStorage, type Storage } from "./storage.js";

/** How a field's values stand in the file. */
export interface DecodedField {
  readonly name: string;
  readonly nullable: boolean;
  readonly labels: Labels | undefined;
  readonly config: FieldConfig | undefined;
  /** Of the values themselves, or of those in the dictionary. */
  readonly storage: Storage;
  /** Where the record batches hold places in a dictionary instead of values. */
  readonly dictionary: { readonly id: number; readonly indexType: IndexType } | undefined;
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
    meta: readJson(metadata, Arrow.MetadataKey.meta, frameMetaShape, "the frame"),
    fields: tablesOf(table, Arrow.Schema.fields).map(readField),
  };
}

function readField(table: FlatTable): DecodedField {
  const name = textOf(table, Arrow.Field.name) ?? "";
  const what = `field ${JSON.stringify(name)}`;
  const metadata = readMetadata(table, Arrow.Field.metadata);
  const dictionary = tableOf(table, Arrow.Field.dictionary);
  return {
    name,
    nullable: uint8Of(table, Arrow.Field.nullable) !== 0,
    labels: readJson(metadata, Arrow.MetadataKey.labels, labelsShape, what),
    config: readJson(metadata, Arrow.MetadataKey.config, fieldConfigShape, what),
    storage: readStorage(table, metadata.get(Arrow.MetadataKey.tsType), what),
    dictionary: dictionary && {
      id: sizeOf(dictionary, Arrow.DictionaryEncoding.id),
      indexType: readIndexType(dictionary, what),
    },
  };
}

/** The keys of Grafana's metadata; under others there may be anything, even what is no text. */
const knownKeys: ReadonlySet<string> = new Set(Object.values(Arrow.MetadataKey));

/** Reads the values under Grafana's keys. */
function readMetadata(table: FlatTable, member: number): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const pair of tablesOf(table, member)) {
    const key = decodeUtf8(bytesOf(pair, Arrow.KeyValue.key) ?? new Uint8Array(0));
    if (knownKeys.has(key)) {
      metadata.set(key, textOf(pair, Arrow.KeyValue.value) ?? "");
    }
  }
  return metadata;
}

/** Reads the JSON under `key`, which Go writes and then reads again the same way. */
function readJson<T>(metadata: Map<string, string>, key: string, shape: Shape<T>, what: string): T | undefined {
  const json = metadata.get(key);
  if (json === undefined) {
    return undefined;
  }
  try {
    return shape.read(parseJson(json), key);
  } catch (cause) {
    if (cause instanceof FrameError) {
      throw new ArrowError(`${what}: ${cause.message}`, { cause });
    }
    // What the parser says quotes its input, and so would an error that repeats it.
    throw new ArrowError(`${what}: the metadata ${JSON.stringify(key)} is not valid JSON`);
  }
}
