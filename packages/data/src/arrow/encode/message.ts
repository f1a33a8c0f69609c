import { Builder } from "flatbuffers";
import * as Arrow from "../format.js";
import { type Metadata, type PreparedSchema, writeMetadata, writeSchema } from "./schema.js";
import { structVector } from "./vector.js";

/** Where a buffer lies, in bytes from the start of its batch's body. */
export interface BufferPlace {
  readonly offset: number;
  readonly length: number;
}

/** Length and number of nulls of a batch's field. */
export interface FieldNode {
  readonly length: number;
  readonly nullCount: number;
}

/** Where a batch lies, in bytes from the start of the file. */
export interface Block {
  readonly offset: number;
  /** Length of the message's prefix and metadata. */
  readonly metadataLength: number;
  readonly bodyLength: number;
}

/** The metadata of the message that holds the schema. */
export function schemaMessage(schema: PreparedSchema): Uint8Array {
  const builder = new Builder();
  return message(builder, Arrow.MessageHeader.Schema, writeSchema(builder, schema), 0);
}

/** The metadata of the message that holds a record batch. */
export function batchMessage(
  length: number,
  nodes: readonly FieldNode[],
  buffers: readonly BufferPlace[],
  bodyLength: number,
): Uint8Array {
  const builder = new Builder();
  const buffersOffset = structVector(
    builder,
    Arrow.BUFFER_BYTES,
    buffers.map((buffer) => [buffer.offset, buffer.length]),
  );
  const nodesOffset = structVector(
    builder,
    Arrow.FIELD_NODE_BYTES,
    nodes.map((node) => [node.length, node.nullCount]),
  );
  builder.startObject(Arrow.RecordBatch.count);
  builder.addFieldInt64(Arrow.RecordBatch.length, BigInt(length), 0n);
  builder.addFieldOffset(Arrow.RecordBatch.nodes, nodesOffset, 0);
  builder.addFieldOffset(Arrow.RecordBatch.buffers, buffersOffset, 0);
  return message(builder, Arrow.MessageHeader.RecordBatch, builder.endObject(), bodyLength);
}

/** The footer of a file with its schema and batches, and keys and values of its own. */
export function footer(schema: PreparedSchema, batches: readonly Block[], metadata: Metadata): Uint8Array {
  const builder = new Builder();
  const metadataOffset = metadata.length === 0 ? 0 : writeMetadata(builder, metadata);
  const schemaOffset = writeSchema(builder, schema);
  const dictionariesOffset = structVector(builder, Arrow.BLOCK_BYTES, []);
  const batchesOffset = structVector(
    builder,
    Arrow.BLOCK_BYTES,
    // The length of the metadata is 32 bits wide with 32 bits of padding behind it: the same bytes as an int64.
    batches.map((block) => [block.offset, block.metadataLength, block.bodyLength]),
  );
  builder.startObject(Arrow.Footer.count);
  builder.addFieldInt16(Arrow.Footer.version, Arrow.METADATA_V5, 0);
  builder.addFieldOffset(Arrow.Footer.schema, schemaOffset, 0);
  builder.addFieldOffset(Arrow.Footer.dictionaries, dictionariesOffset, 0);
  builder.addFieldOffset(Arrow.Footer.recordBatches, batchesOffset, 0);
  builder.addFieldOffset(Arrow.Footer.metadata, metadataOffset, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

function message(builder: Builder, headerType: number, header: number, bodyLength: number): Uint8Array {
  builder.startObject(Arrow.Message.count);
  builder.addFieldInt16(Arrow.Message.version, Arrow.METADATA_V5, 0);
  builder.addFieldInt8(Arrow.Message.headerType, headerType, 0);
  builder.addFieldOffset(Arrow.Message.header, header, 0);
  builder.addFieldInt64(Arrow.Message.bodyLength, BigInt(bodyLength), 0n);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}
