import { Builder } from "flatbuffers";
import * as Arrow from "../format.js";
import { type Metadata, type PreparedSchema, writeMetadata, writeSchema } from "./schema.js";
import { filled, keep, type Template } from "./template.js";
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
function schemaMessage(schema: PreparedSchema): Uint8Array {
  const builder = new Builder();
  return message(builder, Arrow.MessageHeader.Schema, writeSchema(builder, schema), 0).bytes;
}

/** Templates by how many nodes and buffers a batch has: nothing else of its metadata has to do with the schema. */
const batches = new Map<string, Template>();

/**
 * The metadata of the message that holds a record batch. The bytes are to be copied at once: they may be a template, which the next
 * batch fills.
 */
export function batchMessage(
  length: number,
  nodes: readonly FieldNode[],
  buffers: readonly BufferPlace[],
  bodyLength: number,
): Uint8Array {
  if (length === 0 || bodyLength === 0) {
    // A number that is 0 is not written, so that the layout is another one.
    return buildBatch(length, nodes, buffers, bodyLength).bytes;
  }
  const key = `${nodes.length} ${buffers.length}`;
  let template = batches.get(key);
  if (template === undefined) {
    template = buildBatch(length, nodes, buffers, bodyLength);
    keep(batches, key, template);
  }
  // Loops, since a small frame's encoding would spend more in flatMap than in anything else.
  const places: number[] = [];
  for (const buffer of buffers) {
    places.push(buffer.offset, buffer.length);
  }
  const counts: number[] = [];
  for (const node of nodes) {
    counts.push(node.length, node.nullCount);
  }
  return filled(template, [places, counts, [length], [bodyLength]]);
}

function buildBatch(
  length: number,
  nodes: readonly FieldNode[],
  buffers: readonly BufferPlace[],
  bodyLength: number,
): Template {
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
  const lengthOffset = builder.offset();
  builder.addFieldOffset(Arrow.RecordBatch.nodes, nodesOffset, 0);
  builder.addFieldOffset(Arrow.RecordBatch.buffers, buffersOffset, 0);
  const batch = builder.endObject();
  const { bytes, bodyLengthOffset } = message(builder, Arrow.MessageHeader.RecordBatch, batch, bodyLength);
  const elements = (vector: number): number => bytes.length - vector + VECTOR_LENGTH_BYTES;
  return {
    bytes,
    places: [
      elements(buffersOffset),
      elements(nodesOffset),
      bytes.length - lengthOffset,
      bytes.length - bodyLengthOffset,
    ],
  };
}

/** What stands before the elements of a vector. */
const VECTOR_LENGTH_BYTES = 4;

/** Footers of schemas that were written before. */
const footers = new Map<string, Template>();

/** As {@link schemaMessage}, made once for each schema that a caller has again and again. */
export function knownSchemaMessage(schema: PreparedSchema): Uint8Array {
  let head = heads.get(schema.key);
  if (head === undefined) {
    head = schemaMessage(schema);
    keep(heads, schema.key, head);
  }
  return head;
}

const heads = new Map<string, Uint8Array>();

/** As {@link footer} of one batch. The bytes are to be copied at once: they are a template, which the next footer fills. */
export function knownFooter(schema: PreparedSchema, block: Block): Uint8Array {
  let template = footers.get(schema.key);
  if (template === undefined) {
    template = buildFooter(schema, [block], []);
    keep(footers, schema.key, template);
  }
  return filled(template, [[block.offset, block.metadataLength, block.bodyLength]]);
}

/** The footer of a file with its schema and batches, and keys and values of its own. */
export function footer(schema: PreparedSchema, blocks: readonly Block[], metadata: Metadata): Uint8Array {
  return buildFooter(schema, blocks, metadata).bytes;
}

function buildFooter(schema: PreparedSchema, blocks: readonly Block[], metadata: Metadata): Template {
  const builder = new Builder();
  const metadataOffset = metadata.length === 0 ? 0 : writeMetadata(builder, metadata);
  const schemaOffset = writeSchema(builder, schema);
  const dictionariesOffset = structVector(builder, Arrow.BLOCK_BYTES, []);
  const batchesOffset = structVector(
    builder,
    Arrow.BLOCK_BYTES,
    // The length of the metadata is 32 bits wide with 32 bits of padding behind it: the same bytes as an int64.
    blocks.map((block) => [block.offset, block.metadataLength, block.bodyLength]),
  );
  builder.startObject(Arrow.Footer.count);
  builder.addFieldInt16(Arrow.Footer.version, Arrow.METADATA_V5, 0);
  builder.addFieldOffset(Arrow.Footer.schema, schemaOffset, 0);
  builder.addFieldOffset(Arrow.Footer.dictionaries, dictionariesOffset, 0);
  builder.addFieldOffset(Arrow.Footer.recordBatches, batchesOffset, 0);
  builder.addFieldOffset(Arrow.Footer.metadata, metadataOffset, 0);
  builder.finish(builder.endObject());
  const bytes = builder.asUint8Array();
  return { bytes, places: [bytes.length - batchesOffset + VECTOR_LENGTH_BYTES] };
}

function message(
  builder: Builder,
  headerType: number,
  header: number,
  bodyLength: number,
): { bytes: Uint8Array; bodyLengthOffset: number } {
  builder.startObject(Arrow.Message.count);
  builder.addFieldInt16(Arrow.Message.version, Arrow.METADATA_V5, 0);
  builder.addFieldInt8(Arrow.Message.headerType, headerType, 0);
  builder.addFieldOffset(Arrow.Message.header, header, 0);
  builder.addFieldInt64(Arrow.Message.bodyLength, BigInt(bodyLength), 0n);
  const bodyLengthOffset = builder.offset();
  builder.finish(builder.endObject());
  return { bytes: builder.asUint8Array(), bodyLengthOffset };
}
