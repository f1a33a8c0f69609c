/*
 * Constants of the Arrow IPC format. Table members are numbered in the order of the schemas:
 * https://github.com/apache/arrow/blob/main/format/Schema.fbs
 * https://github.com/apache/arrow/blob/main/format/Message.fbs
 * https://github.com/apache/arrow/blob/main/format/File.fbs
 */

/** First and last bytes of a file: `ARROW1`. */
export const MAGIC = Uint8Array.of(0x41, 0x52, 0x52, 0x4f, 0x57, 0x31);

/** Buffers begin at multiples of this many bytes within a file. */
const ALIGNMENT = 8;

/** Marks the start of a message; the length of its metadata follows. */
export const CONTINUATION = 0xffff_ffff;

/** `MetadataVersion.V5`. */
export const METADATA_V5 = 4;
/** `MetadataVersion.V4`, whose layout is the same for every type that we read. */
export const METADATA_V4 = 3;

/** Members of the union `MessageHeader`. */
export const MessageHeader = { Schema: 1, DictionaryBatch: 2, RecordBatch: 3 } as const;

/** Members of the union `Type`; the place in the list is the number. */
export const arrowTypeNames = [
  "none",
  "Null",
  "Int",
  "FloatingPoint",
  "Binary",
  "Utf8",
  "Bool",
  "Decimal",
  "Date",
  "Time",
  "Timestamp",
  "Interval",
  "List",
  "Struct",
  "Union",
  "FixedSizeBinary",
  "FixedSizeList",
  "Map",
  "Duration",
  "LargeBinary",
  "LargeUtf8",
  "LargeList",
  "RunEndEncoded",
  "BinaryView",
  "Utf8View",
  "ListView",
  "LargeListView",
] as const;

/** Numbers of the members of the union `Type` that can be read. */
export const ArrowType = {
  Int: 2,
  FloatingPoint: 3,
  Binary: 4,
  Utf8: 5,
  Bool: 6,
  Date: 8,
  Timestamp: 10,
  LargeBinary: 19,
  LargeUtf8: 20,
  BinaryView: 23,
  Utf8View: 24,
} as const;

/** `Precision`; the place in the list is the number. */
export const precisions = ["float16", "float32", "float64"] as const;

/** `DateUnit.DAY`; the other one is `MILLISECOND`, which is also what an absent unit means. */
export const DATE_UNIT_DAY = 0;
export const DATE_UNIT_MILLISECOND = 1;

/** `TimeUnit`; the place in the list is the number. */
export const timeUnits = ["second", "millisecond", "microsecond", "nanosecond"] as const;

/** Members of each table. */
export const Message = { version: 0, headerType: 1, header: 2, bodyLength: 3, count: 5 } as const;
export const Schema = { endianness: 0, fields: 1, metadata: 2, count: 4 } as const;
export const Field = {
  name: 0,
  nullable: 1,
  typeType: 2,
  type: 3,
  dictionary: 4,
  children: 5,
  metadata: 6,
  count: 7,
} as const;
export const KeyValue = { key: 0, value: 1, count: 2 } as const;
export const DictionaryEncoding = { id: 0, indexType: 1 } as const;
export const DictionaryBatch = { id: 0, data: 1, isDelta: 2 } as const;
export const RecordBatch = { length: 0, nodes: 1, buffers: 2, compression: 3, variadicCounts: 4, count: 5 } as const;
export const Footer = { version: 0, schema: 1, dictionaries: 2, recordBatches: 3, metadata: 4, count: 5 } as const;
export const IntType = { bitWidth: 0, isSigned: 1, count: 2 } as const;
export const FloatingPointType = { precision: 0, count: 1 } as const;
export const TimestampType = { unit: 0, count: 2 } as const;
export const DateType = { unit: 0 } as const;

/** Sizes of the structs, in bytes. */
export const BLOCK_BYTES = 24;
export const FIELD_NODE_BYTES = 16;
export const BUFFER_BYTES = 16;

/** Keys of the metadata that Grafana adds to schema and fields. */
export const MetadataKey = {
  name: "name",
  refId: "refId",
  meta: "meta",
  labels: "labels",
  config: "config",
  tsType: "tstype",
} as const;

/** The next multiple of {@link ALIGNMENT}. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
