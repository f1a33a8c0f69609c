import { bitmapBytes, countBits } from "../../bitmap.js";
import type { Column } from "../../column.js";
import { findWrongOffset } from "../../columns.js";
import { INT64_MAX, INT64_MIN } from "../../int64.js";
import { hasValue } from "../../value.js";
import { ArrowError } from "../arrow-error.js";
import * as Arrow from "../format.js";
import { type FlatTable, type FlatVector, sizeAt, sizeOf, tableOf, vectorOf } from "./flat-buffer.js";
import type { DecodedField } from "./schema.js";

/** What is left to read of a batch: the nodes and buffers of its fields, in the order of the schema. */
interface Batch {
  readonly body: Uint8Array;
  readonly nodes: FlatVector;
  readonly buffers: FlatVector;
  /** Index of the next node. */
  node: number;
  /** Index of the next buffer. */
  buffer: number;
  /** Bytes that the buffers read so far lay claim to. */
  claimed: number;
}

/** Reads the table `RecordBatch` whose buffers lie in `body` as one column a field. */
export function readBatch(table: FlatTable, body: Uint8Array, fields: readonly DecodedField[]): Column[] {
  if (tableOf(table, Arrow.RecordBatch.compression) !== undefined) {
    throw new ArrowError("the Arrow file is compressed, which is not supported; write it without compression");
  }
  const length = sizeOf(table, Arrow.RecordBatch.length);
  const nodes = vectorOf(table, Arrow.RecordBatch.nodes, Arrow.FIELD_NODE_BYTES);
  const buffers = vectorOf(table, Arrow.RecordBatch.buffers, Arrow.BUFFER_BYTES);
  if (fields.length === 0) {
    return [];
  }
  if (nodes === undefined || buffers === undefined) {
    throw new ArrowError("the Arrow file is damaged: a record batch without fields or buffers");
  }
  const batch: Batch = { body, nodes, buffers, node: 0, buffer: 0, claimed: 0 };
  return fields.map((field) => readColumn(batch, length, field));
}

function readColumn(batch: Batch, length: number, field: DecodedField): Column {
  const nodeLength = readNode(batch, field);
  if (nodeLength !== length) {
    throw damaged(field, `has ${nodeLength} rows in a record batch of ${length}`);
  }
  const base = { length, ...readValidity(batch, length, field) };
  switch (field.type) {
    case "time": {
      const values = int64s(readBuffer(batch, length * 8, field), length);
      const column = { ...base, type: field.type, values };
      return field.factor === 1n ? column : { ...column, values: multiplied(column, field) };
    }
    case "int64":
      return { ...base, type: field.type, values: int64s(readBuffer(batch, length * 8, field), length) };
    case "float64": {
      const bytes = alignedTo(8, readBuffer(batch, length * 8, field));
      return { ...base, type: field.type, values: new Float64Array(bytes.buffer, bytes.byteOffset, length) };
    }
    case "boolean":
      return { ...base, type: field.type, values: readBuffer(batch, bitmapBytes(length), field) };
    case "string": {
      const offsets = readOffsets(batch, length, field);
      const bytes = readBuffer(batch, 0, field);
      const wrong = findWrongOffset(offsets, length, bytes.length);
      if (wrong !== undefined) {
        throw damaged(field, `row ${wrong}: its text does not lie within the field's bytes`);
      }
      return { ...base, type: field.type, offsets, bytes };
    }
  }
}

function readNode(batch: Batch, field: DecodedField): number {
  const index = batch.node++;
  if (index >= batch.nodes.length) {
    throw damaged(field, "is missing from a record batch");
  }
  return sizeAt(batch.nodes.buffer, batch.nodes.position + index * Arrow.FIELD_NODE_BYTES);
}

function readValidity(
  batch: Batch,
  length: number,
  field: DecodedField,
): { nullCount: number; validity: Uint8Array | undefined } {
  const index = batch.node - 1;
  const bitmap = readBuffer(batch, 0, field);
  if (bitmap.length === 0) {
    const claimed = batch.nodes.buffer.view.getBigInt64(
      batch.nodes.position + index * Arrow.FIELD_NODE_BYTES + 8,
      true,
    );
    if (claimed > 0n) {
      throw damaged(field, `has ${claimed} rows without a value, but no bitmap that says which`);
    }
    return { nullCount: 0, validity: undefined };
  }
  if (bitmap.length < bitmapBytes(length)) {
    throw damaged(field, `has a validity bitmap of ${bitmap.length} bytes for ${length} rows`);
  }
  const nullCount = length - countBits(bitmap, length);
  return { nullCount, validity: nullCount === 0 ? undefined : bitmap };
}

/** The next buffer, which must hold at least `needed` bytes. */
function readBuffer(batch: Batch, needed: number, field: DecodedField): Uint8Array {
  const index = batch.buffer++;
  if (index >= batch.buffers.length) {
    throw damaged(field, "has too few buffers");
  }
  const at = batch.buffers.position + index * Arrow.BUFFER_BYTES;
  const offset = sizeAt(batch.buffers.buffer, at);
  const length = sizeAt(batch.buffers.buffer, at + 8);
  batch.claimed += length;
  // The second condition forbids buffers that share bytes: copies of them could be far larger than the file.
  if (offset + length > batch.body.length || batch.claimed > batch.body.length) {
    throw damaged(field, "has a buffer beyond the end of its record batch");
  }
  if (length < needed) {
    throw damaged(field, `has a buffer of ${length} bytes where its rows need ${needed}`);
  }
  return batch.body.subarray(offset, offset + length);
}

function readOffsets(batch: Batch, length: number, field: DecodedField): Int32Array {
  // Older writers leave the buffer empty where there are no rows.
  const bytes = readBuffer(batch, length === 0 ? 0 : (length + 1) * 4, field);
  if (bytes.length < 4) {
    return new Int32Array(1);
  }
  const memory = alignedTo(4, bytes);
  return new Int32Array(memory.buffer, memory.byteOffset, length + 1);
}

function int64s(bytes: Uint8Array, length: number): BigInt64Array {
  const memory = alignedTo(8, bytes);
  return new BigInt64Array(memory.buffer, memory.byteOffset, length);
}

/** The bytes themselves where they begin at a multiple of `size`, which a typed array demands, else a copy. */
function alignedTo(size: number, bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
}

function multiplied(column: Column & { readonly values: BigInt64Array }, field: DecodedField): BigInt64Array {
  const { factor } = field;
  const most = INT64_MAX / factor;
  const least = INT64_MIN / factor;
  const result = new BigInt64Array(column.length);
  for (let row = 0; row < column.length; row++) {
    if (hasValue(column, row)) {
      const value = column.values[row] ?? 0n;
      if (value > most || value < least) {
        throw damaged(field, `row ${row}: the time is outside the years 1677 to 2262 that nanoseconds can hold`);
      }
      result[row] = value * factor;
    }
  }
  return result;
}

function damaged(field: DecodedField, problem: string): ArrowError {
  return new ArrowError(`field ${JSON.stringify(field.name)}: ${problem}`);
}
