import { emptyColumn } from "../../columns.js";
import { concatColumns } from "../../concat.js";
import type { Field } from "../../field.js";
import { type Frame, frame } from "../../frame.js";
import { FrameError } from "../../frame-error.js";
import { ArrowError } from "../arrow-error.js";
import { verifyChecksum } from "../checksum.js";
import * as Arrow from "../format.js";
import { createBatchReader } from "./batch-reader.js";
import { type DictionaryBatch, readDictionaries, readFromDictionary } from "./dictionaries.js";
import { type Expansion, expansionOf } from "./expansion.js";
import { type FlatTable, int16Of, rootTable, sizeAt, sizeOf, tableOf, uint8Of, vectorOf } from "./flat-buffer.js";
import { readColumn } from "./read-column.js";
import { readSchema } from "./schema.js";

/**
 * The frame in an Arrow IPC file, such as `encodeArrow`, the Go SDK or another Arrow library writes.
 *
 * The columns are views of `bytes` wherever these are aligned and hold a single record batch, so do not change them
 * afterwards. What frames have no type for is converted: timestamps of any unit and dates become times (a time zone only
 * says how to show them, and is dropped), dictionaries are resolved, texts of every layout become strings, and binary
 * values JSON, as in the Go SDK.
 *
 * Texts are checked to be UTF-8, and JSON to be JSON. A flipped bit in a number, though, is just another number, unless
 * the file has a checksum: see `encodeArrow`.
 *
 * Format: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 *
 * @throws {ArrowError} that names field and row, if the bytes are no Arrow file, are cut off or damaged, or hold a type
 *   that frames do not have
 */
export function decodeArrow(bytes: Uint8Array): Frame {
  try {
    return decode(bytes);
  } catch (cause) {
    throw cause instanceof FrameError ? new ArrowError(cause.message, { cause }) : cause;
  }
}

function decode(bytes: Uint8Array): Frame {
  const foot = readFooter(bytes);
  const schemaTable = tableOf(foot, Arrow.Footer.schema);
  if (schemaTable === undefined) {
    throw new ArrowError("the Arrow file is damaged: its footer has no schema");
  }
  const schema = readSchema(schemaTable);
  const expansion = expansionOf(bytes.length);
  const dictionaries = readDictionaries(readDictionaryBatches(bytes, foot, expansion), schema.fields);
  const batches = readBlocks(foot, Arrow.Footer.recordBatches, bytes.length).map((block) => {
    const [table, body] = readMessage(bytes, block, Arrow.MessageHeader.RecordBatch);
    const batch = createBatchReader(table, body, expansion);
    return schema.fields.map((field) =>
      field.dictionary === undefined
        ? readColumn(batch, field.storage, field.name)
        : readFromDictionary(batch, field, field.dictionary, dictionaries),
    );
  });
  const fields = schema.fields.map(({ name, nullable, labels, config, storage }, index): Field => {
    const parts = batches.flatMap((columns) => columns[index] ?? []);
    const column = parts.length === 0 ? emptyColumn(storage.type) : concatColumns(parts, name);
    return Object.freeze({ name, nullable, labels, config, column });
  });
  const { name, refId, meta } = schema;
  return frame(name, fields, meta === undefined ? { refId } : { refId, meta });
}

function readFooter(bytes: Uint8Array): FlatTable {
  const { length: magicBytes } = Arrow.MAGIC;
  const lengthAt = bytes.length - magicBytes - 4;
  if (!hasMagic(bytes, 0)) {
    if (bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === Arrow.CONTINUATION) {
      throw new ArrowError("these bytes are an Arrow IPC stream; write them as an Arrow IPC file, which has a footer");
    }
    throw new ArrowError("these bytes are no Arrow IPC file: they do not begin with ARROW1");
  }
  if (lengthAt < Arrow.aligned(magicBytes) || !hasMagic(bytes, lengthAt + 4)) {
    throw new ArrowError(`the Arrow file is cut off: its ${bytes.length} bytes do not end with ARROW1`);
  }
  const length = viewOf(bytes).getInt32(lengthAt, true);
  if (length <= 0 || length > lengthAt - Arrow.aligned(magicBytes)) {
    throw new ArrowError(`the Arrow file is damaged: a footer of ${length} bytes in ${bytes.length}`);
  }
  verifyChecksum(bytes);
  const foot = rootTable(bytes.subarray(lengthAt - length, lengthAt));
  checkVersion(int16Of(foot, Arrow.Footer.version));
  return foot;
}

interface Block {
  readonly offset: number;
  readonly metadataLength: number;
  readonly bodyLength: number;
}

function readBlocks(foot: FlatTable, member: number, fileLength: number): Block[] {
  const vector = vectorOf(foot, member, Arrow.BLOCK_BYTES);
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
      throw new ArrowError(`the Arrow file is damaged: block ${i} lies beyond the end`);
    }
    blocks.push({ offset, metadataLength, bodyLength });
  }
  return blocks;
}

function readDictionaryBatches(bytes: Uint8Array, foot: FlatTable, expansion: Expansion): DictionaryBatch[] {
  return readBlocks(foot, Arrow.Footer.dictionaries, bytes.length).map((block) => {
    const [table, body] = readMessage(bytes, block, Arrow.MessageHeader.DictionaryBatch);
    const data = tableOf(table, Arrow.DictionaryBatch.data);
    if (data === undefined) {
      throw new ArrowError(`the Arrow file is damaged: no values in the dictionary at byte ${block.offset}`);
    }
    return {
      id: sizeOf(table, Arrow.DictionaryBatch.id),
      isDelta: uint8Of(table, Arrow.DictionaryBatch.isDelta) !== 0,
      batch: createBatchReader(data, body, expansion),
    };
  });
}

function readMessage(bytes: Uint8Array, block: Block, kind: number): [header: FlatTable, body: Uint8Array] {
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
  if (uint8Of(message, Arrow.Message.headerType) !== kind || header === undefined) {
    throw new ArrowError(
      `the Arrow file is damaged: not the kind of message at byte ${block.offset} that was expected`,
    );
  }
  if (sizeOf(message, Arrow.Message.bodyLength) !== block.bodyLength) {
    throw new ArrowError(`the Arrow file is damaged: footer and message differ in length at byte ${block.offset}`);
  }
  return [header, bytes.subarray(bodyAt, bodyAt + block.bodyLength)];
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
