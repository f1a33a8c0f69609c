import { bitmapBytes } from "../../bitmap.js";
import type { ColumnBase } from "../../column.js";
import { withNulls } from "../../columns.js";
import { ArrowError } from "../arrow-error.js";
import * as Arrow from "../format.js";
import { damaged } from "./damaged.js";
import { type Expansion, spendExpansion } from "./expansion.js";
import { type FlatTable, type FlatVector, sizeAt, sizeOf, tableOf, vectorOf } from "./flat-buffer.js";

/** Reads a record batch field by field, in the order of the schema. */
export interface BatchReader {
  /** Number of rows. */
  readonly length: number;
  /** Begins the next field, whose rows must be as many as the batch has, and reads which of them have a value. */
  nextField(name: string): ColumnBase;
  /** The field's next buffer, which must hold at least `needed` bytes. */
  nextBuffer(needed: number, name: string): Uint8Array;
  /** How many buffers of text follow the views of the field. */
  nextVariadicCount(name: string): number;
  /** Throws where so many bytes of text, which the file names again and again, are more than it justifies. */
  spendExpansion(bytes: number, name: string): void;
}

/**
 * Starts reading the table `RecordBatch` whose buffers lie in `body`.
 * @param expansion the bound that all batches of the file share
 */
export function createBatchReader(table: FlatTable, body: Uint8Array, expansion: Expansion): BatchReader {
  if (tableOf(table, Arrow.RecordBatch.compression) !== undefined) {
    throw new ArrowError("the Arrow file is compressed, which is not supported; write it without compression");
  }
  const length = sizeOf(table, Arrow.RecordBatch.length);
  const nodes = vectorOf(table, Arrow.RecordBatch.nodes, Arrow.FIELD_NODE_BYTES);
  const buffers = vectorOf(table, Arrow.RecordBatch.buffers, Arrow.BUFFER_BYTES);
  const variadicCounts = vectorOf(table, Arrow.RecordBatch.variadicCounts, 8);
  let node = 0;
  let buffer = 0;
  let variadic = 0;
  let claimed = 0;

  function nextBuffer(needed: number, name: string): Uint8Array {
    const at = elementAt(buffers, buffer++, Arrow.BUFFER_BYTES);
    if (at === undefined) {
      throw damaged(name, "has too few buffers");
    }
    const offset = sizeAt(at.buffer, at.position);
    const size = sizeAt(at.buffer, at.position + 8);
    claimed += size;
    // The second condition forbids buffers that share bytes: copies of them could be far larger than the file.
    if (offset + size > body.length || claimed > body.length) {
      throw damaged(name, "has a buffer beyond the end of its record batch");
    }
    if (size < needed) {
      throw damaged(name, `has a buffer of ${size} bytes where its rows need ${needed}`);
    }
    return body.subarray(offset, offset + size);
  }

  return {
    length,
    nextBuffer,
    spendExpansion: (bytes, name) => spendExpansion(expansion, bytes, name),
    nextField(name) {
      const at = elementAt(nodes, node++, Arrow.FIELD_NODE_BYTES);
      if (at === undefined) {
        throw damaged(name, "is missing from a record batch");
      }
      const rows = sizeAt(at.buffer, at.position);
      const nulls = sizeAt(at.buffer, at.position + 8);
      if (rows !== length) {
        throw damaged(name, `has ${rows} rows in a record batch of ${length}`);
      }
      const bitmap = nextBuffer(0, name);
      if (bitmap.length === 0) {
        if (nulls > 0) {
          throw damaged(name, `has ${nulls} rows without a value, but no bitmap that says which`);
        }
        return { length, nullCount: 0, validity: undefined };
      }
      if (bitmap.length < bitmapBytes(length)) {
        throw damaged(name, `has a validity bitmap of ${bitmap.length} bytes for ${length} rows`);
      }
      const base = withNulls(length, bitmap);
      if (base.nullCount !== nulls) {
        throw damaged(name, `has ${base.nullCount} rows without a value, not the ${nulls} that are said to be`);
      }
      return base;
    },
    nextVariadicCount(name) {
      const at = elementAt(variadicCounts, variadic++, 8);
      if (at === undefined) {
        throw damaged(name, "does not say how many buffers its views point into");
      }
      return sizeAt(at.buffer, at.position);
    },
  };
}

function elementAt(
  vector: FlatVector | undefined,
  index: number,
  bytes: number,
): { readonly buffer: FlatVector["buffer"]; readonly position: number } | undefined {
  if (vector === undefined || index >= vector.length) {
    return undefined;
  }
  return { buffer: vector.buffer, position: vector.position + index * bytes };
}
