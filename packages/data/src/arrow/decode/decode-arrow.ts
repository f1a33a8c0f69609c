import type { Column, FieldType } from "../../column.js";
import { booleanColumn, float64Column, int64Column, stringColumn, timeColumn } from "../../columns.js";
import type { Field } from "../../field.js";
import { type Frame, frame } from "../../frame.js";
import { FrameError } from "../../frame-error.js";
import { ArrowError } from "../arrow-error.js";
import * as Arrow from "../format.js";
import { readBatch } from "./batch.js";
import { concatColumns } from "./concat.js";
import { type FlatTable, int16Of, rootTable, sizeAt, sizeOf, tableOf, uint8Of, vectorOf } from "./flat-buffer.js";
import { readSchema } from "./schema.js";

/**
 * The frame in an Arrow IPC file, such as `encodeArrow`, the Go SDK or another Arrow library writes.
 *
 * The columns are views of `bytes` wherever these are aligned and hold a single record batch, so do not change them
 * afterwards. Timestamps of any unit become nanoseconds; their time zone only says how to show them, and is dropped.
 *
 * Format: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 *
 * @throws {ArrowError} if the bytes are no Arrow file, are cut off or damaged, or hold a type that frames do not have
 */
export function decodeArrow(bytes: Uint8Array): Frame {
  const foot = readFooter(bytes);
  const schemaTable = tableOf(foot, Arrow.Footer.schema);
  if (schemaTable === undefined) {
    throw new ArrowError("the Arrow file is damaged: its footer has no schema");
  }
  const schema = readSchema(schemaTable);
  const batches = readBlocks(foot, bytes.length).map((block) => {
    const [table, body] = readMessage(bytes, block);
    return readBatch(table, body, schema.fields);
  });
  const fields = schema.fields.map((decoded, index): Field => {
    const { name, nullable, labels, config, type } = decoded;
    const parts = batches.flatMap((columns) => columns[index] ?? []);
    const column = parts.length === 0 ? emptyColumn(type) : concatColumns(parts, name);
    return Object.freeze({ name, nullable, labels, config, column });
  });
  try {
    const { name, refId, meta } = schema;
    return frame(name, fields, meta === undefined ? { refId } : { refId, meta });
  } catch (cause) {
    throw cause instanceof FrameError ? new ArrowError(cause.message, { cause }) : cause;
  }
}

function readFooter(bytes: Uint8Array): FlatTable {
  const { length: magicBytes } = Arrow.MAGIC;
  const lengthAt = bytes.length - magicBytes - 4;
  if (!hasMagic(bytes, 0)) {
    throw new ArrowError("these bytes are no Arrow IPC file: they do not begin with ARROW1");
  }
  if (lengthAt < Arrow.aligned(magicBytes) || !hasMagic(bytes, lengthAt + 4)) {
    throw new ArrowError(`the Arrow file is cut off: its ${bytes.length} bytes do not end with ARROW1`);
  }
  const length = viewOf(bytes).getInt32(lengthAt, true);
  if (length <= 0 || length > lengthAt - Arrow.aligned(magicBytes)) {
    throw new ArrowError(`the Arrow file is damaged: a footer of ${length} bytes in ${bytes.length}`);
  }
  const foot = rootTable(bytes.subarray(lengthAt - length, lengthAt));
  checkVersion(int16Of(foot, Arrow.Footer.version));
  return foot;
}

interface Block {
  readonly offset: number;
  readonly metadataLength: number;
  readonly bodyLength: number;
}

function readBlocks(foot: FlatTable, fileLength: number): Block[] {
  const vector = vectorOf(foot, Arrow.Footer.recordBatches, Arrow.BLOCK_BYTES);
  const blocks: Block[] = [];
  let claimed = 0;
  for (let i = 0; vector !== undefined && i < vector.length; i++) {
    const at = vector.position + i * Arrow.BLOCK_BYTES;
    const offset = sizeAt(vector.buffer, at);
    const metadataLength = vector.buffer.view.getInt32(at + 8, true);
    const bodyLength = sizeAt(vector.buffer, at + 16);
    claimed += metadataLength + bodyLength;
    // Batches that share bytes could add up to far more than the file holds.
    if (metadataLength < 8 || offset + metadataLength + bodyLength > fileLength || claimed > fileLength) {
      throw new ArrowError(`the Arrow file is damaged: record batch ${i} lies beyond the end`);
    }
    blocks.push({ offset, metadataLength, bodyLength });
  }
  return blocks;
}

function readMessage(bytes: Uint8Array, block: Block): [batch: FlatTable, body: Uint8Array] {
  const bodyAt = block.offset + block.metadataLength;
  const view = viewOf(bytes);
  // Before version 0.15 a message began with its length, without the mark before it.
  const prefix = view.getUint32(block.offset, true) === Arrow.CONTINUATION ? 8 : 4;
  const length = view.getInt32(block.offset + prefix - 4, true);
  if (length <= 0 || prefix + length > block.metadataLength) {
    throw new ArrowError(`the Arrow file is damaged: a message of ${length} bytes at byte ${block.offset}`);
  }
  const message = rootTable(bytes.subarray(block.offset + prefix, block.offset + prefix + length));
  checkVersion(int16Of(message, Arrow.Message.version));
  const header = tableOf(message, Arrow.Message.header);
  if (uint8Of(message, Arrow.Message.headerType) !== Arrow.MessageHeader.RecordBatch || header === undefined) {
    throw new ArrowError(`the Arrow file is damaged: no record batch at byte ${block.offset}`);
  }
  if (sizeOf(message, Arrow.Message.bodyLength) !== block.bodyLength) {
    throw new ArrowError(`the Arrow file is damaged: footer and message differ in length at byte ${block.offset}`);
  }
  return [header, bytes.subarray(bodyAt, bodyAt + block.bodyLength)];
}

function emptyColumn(type: FieldType): Column {
  switch (type) {
    case "time":
      return timeColumn(new BigInt64Array(0));
    case "float64":
      return float64Column(new Float64Array(0));
    case "int64":
      return int64Column(new BigInt64Array(0));
    case "string":
      return stringColumn(new Int32Array(1), new Uint8Array(0));
    case "boolean":
      return booleanColumn(new Uint8Array(0), 0);
  }
}

function checkVersion(version: number): void {
  if (version !== Arrow.METADATA_V4 && version !== Arrow.METADATA_V5) {
    throw new ArrowError(`the Arrow file has metadata version ${version + 1}; versions 4 and 5 can be read`);
  }
}

function hasMagic(bytes: Uint8Array, at: number): boolean {
  return at >= 0 && Arrow.MAGIC.every((byte, index) => bytes[at + index] === byte);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
