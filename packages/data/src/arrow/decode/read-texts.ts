import type { ColumnBase, JsonColumn, StringColumn, TextColumnBase } from "../../column.js";
import { findWrongOffset } from "../../columns.js";
import { bytesPerValue, fixedArrayOver } from "../../fixed-arrays.js";
import { copyBytes } from "../../take.js";
import { hasValue } from "../../value.js";
import type { BatchReader } from "./batch-reader.js";
import { checkTexts } from "./check-texts.js";
import { damaged } from "./damaged.js";
import type { TextStorage } from "./storage.js";

type TextColumn = StringColumn | JsonColumn;

/** Reads the texts or JSON documents of a field whose nulls are known. Each is checked to be one. */
export function readTexts(
  batch: BatchReader,
  { type, layout }: TextStorage,
  base: ColumnBase,
  name: string,
): TextColumn {
  const texts = layout === "views" ? readViews(batch, base, name) : readOffsets(batch, layout, base.length, name);
  const column: TextColumn = { type, ...base, ...texts };
  checkTexts(column, name);
  return column;
}

type Texts = Pick<TextColumnBase, "offsets" | "bytes">;

function readOffsets(batch: BatchReader, layout: "offsets32" | "offsets64", length: number, name: string): Texts {
  const type = layout === "offsets32" ? "int32" : "int64";
  // Older writers leave the buffer empty where there are no rows.
  const stored = batch.nextBuffer(length === 0 ? 0 : (length + 1) * bytesPerValue(type), name);
  const bytes = batch.nextBuffer(0, name);
  if (length === 0) {
    return { offsets: new Int32Array(1), bytes: bytes.subarray(0, 0) };
  }
  const offsets =
    type === "int32"
      ? fixedArrayOver(type, stored, length + 1)
      : narrowed(fixedArrayOver(type, stored, length + 1), name);
  const wrong = findWrongOffset(offsets, length, bytes.length);
  if (wrong !== undefined) {
    throw damaged(name, "its text does not lie within the field's bytes", wrong);
  }
  return { offsets, bytes };
}

function narrowed(offsets: BigInt64Array, name: string): Int32Array {
  const narrow = new Int32Array(offsets.length);
  for (let row = 0; row < offsets.length; row++) {
    const offset = offsets[row] ?? 0n;
    if (offset < 0n || offset > 0x7fff_ffffn) {
      throw damaged(name, "its text lies beyond the 2 GiB that a field's texts may take", Math.max(0, row - 1));
    }
    narrow[row] = Number(offset);
  }
  return narrow;
}

/** Bytes of a view. A text of up to 12 of them stands in the view itself. */
const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/**
 * Texts given as views: a length, then the text itself or its first bytes, a buffer and a position in it.
 * https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout
 */
function readViews(batch: BatchReader, base: ColumnBase, name: string): Texts {
  const { length } = base;
  const views = batch.nextBuffer(length * VIEW_BYTES, name);
  const buffers = readVariadicBuffers(batch, name);
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const offsets = new Int32Array(length + 1);
  let total = 0;
  for (let row = 0; row < length; row++) {
    const size = hasValue(base, row) ? view.getInt32(row * VIEW_BYTES, true) : 0;
    total += size;
    if (size < 0 || total > 0x7fff_ffff) {
      throw damaged(name, size < 0 ? "its text has a length below 0" : "the texts exceed 2 GiB", row);
    }
    offsets[row + 1] = total;
  }
  batch.spendExpansion(total, name);
  const bytes = new Uint8Array(total);
  for (let row = 0; row < length; row++) {
    const start = offsets[row] ?? 0;
    const size = (offsets[row + 1] ?? 0) - start;
    const at = row * VIEW_BYTES;
    if (size <= INLINE_BYTES) {
      copyBytes(views, at + 4, at + 4 + size, bytes, start);
    } else {
      const buffer = buffers[view.getInt32(at + 8, true)];
      const from = view.getInt32(at + 12, true);
      if (buffer === undefined || from < 0 || from + size > buffer.length) {
        throw damaged(name, "its text does not lie within the field's bytes", row);
      }
      copyBytes(buffer, from, from + size, bytes, start);
    }
  }
  return { offsets, bytes };
}

function readVariadicBuffers(batch: BatchReader, name: string): Uint8Array[] {
  const buffers: Uint8Array[] = [];
  // A count beyond the buffers that are there ends in an error at the first that is missing.
  for (let count = batch.nextVariadicCount(name); count > 0; count--) {
    buffers.push(batch.nextBuffer(0, name));
  }
  return buffers;
}
