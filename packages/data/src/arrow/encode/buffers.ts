import { bitmapBytes, copyBits } from "../../bitmap.js";
import type { Column, TextColumnBase } from "../../column.js";
import { withNulls } from "../../columns.js";
import { bytesOfFixedArray, isTypedColumn } from "../../fixed-arrays.js";
import { FrameError } from "../../frame-error.js";
import type { FieldNode } from "./message.js";

/** So many bytes are copied in one step. */
const STEP_BYTES = 1_000_000;
/** So many offsets, which may each be shifted, and so many bits; the latter a multiple of 8. */
const STEP_OFFSETS = 250_000;
const STEP_BITS = 2_000_000;

/** Copies a part of a buffer to `target`, where the buffer begins at `at`, which is aligned to 8 bytes. */
export type CopyStep = (target: Uint8Array, at: number) => void;

/** A buffer of a record batch. */
export interface BatchBuffer {
  /** In bytes. */
  readonly length: number;
  /** What copies it, a step after the other, each of a ms at most. */
  readonly steps: readonly CopyStep[];
}

/** A field of a record batch: how many rows and nulls, and its buffers, the validity bitmap first. */
export interface BatchField {
  readonly node: FieldNode;
  readonly buffers: readonly BatchBuffer[];
}

/**
 * A field of a record batch of the rows of all `parts`, which are columns of one type and at least one. Nothing is copied before
 * it is written, and no longer than the rows need. The bitmap is empty where every row has a value.
 * https://arrow.apache.org/docs/format/Columnar.html#buffer-listing-for-each-layout
 *
 * @param name the field's, for the error
 * @throws FrameError if the texts of all parts together exceed 2 GiB
 */
export function batchField(parts: readonly Column[], name: string): BatchField {
  // Whether there are nulls is for the bitmaps to say, as it is when the column is read.
  const nulls = parts.map(({ length, validity }) => withNulls(length, validity));
  const length = nulls.reduce((sum, part) => sum + part.length, 0);
  const nullCount = nulls.reduce((sum, part) => sum + part.nullCount, 0);
  const validity = nullCount === 0 ? NOTHING : bitmap(nulls.map((part) => [part.validity, part.length]));
  return { node: { length, nullCount }, buffers: [validity, ...valueBuffers(parts, length, name)] };
}

const NOTHING: BatchBuffer = { length: 0, steps: [] };

function valueBuffers(parts: readonly Column[], length: number, name: string): BatchBuffer[] {
  const typed = parts.filter(isTypedColumn);
  if (typed.length > 0) {
    return [oneBehindTheOther(typed.map((part) => bytesOfFixedArray(part.values, part.length)))];
  }
  const booleans = parts.filter((part) => part.type === "boolean");
  if (booleans.length > 0) {
    return [bitmap(booleans.map((part) => [part.values, part.length]))];
  }
  return textBuffers(
    parts.filter((part) => part.type === "string" || part.type === "json"),
    length,
    name,
  );
}

function oneBehindTheOther(parts: readonly Uint8Array[]): BatchBuffer {
  const steps: CopyStep[] = [];
  let length = 0;
  for (const part of parts) {
    for (let from = 0; from < part.length; from += STEP_BYTES) {
      const step = part.length <= STEP_BYTES ? part : part.subarray(from, from + STEP_BYTES);
      const start = length;
      steps.push((target, at) => target.set(step, at + start));
      length += step.length;
    }
  }
  return { length, steps };
}

/** @param parts each a bitmap, or nothing for bits that are all 1, and its number of bits */
function bitmap(parts: readonly (readonly [bits: Uint8Array | undefined, length: number])[]): BatchBuffer {
  const [first, ...more] = parts;
  if (more.length === 0 && first?.[0] !== undefined) {
    return oneBehindTheOther([first[0].subarray(0, bitmapBytes(first[1]))]);
  }
  const steps: CopyStep[] = [];
  let length = 0;
  for (const [bits, count] of parts) {
    for (let from = 0; from < count; from += STEP_BITS) {
      const start = length + from;
      const step = bits?.subarray(from >>> 3);
      steps.push((target, at) => copyBits(target.subarray(at), start, step, Math.min(STEP_BITS, count - from)));
    }
    length += count;
  }
  return { length: bitmapBytes(length), steps };
}

function textBuffers(parts: readonly TextColumnBase[], length: number, name: string): [BatchBuffer, BatchBuffer] {
  // A slice of a longer column begins in the middle of its bytes; what lies before is not sent.
  const texts = parts.map(({ offsets, bytes, length: rows }) => {
    const first = offsets[0] ?? 0;
    return { offsets, rows, first, bytes: bytes.subarray(first, offsets[rows] ?? first) };
  });
  const text = oneBehindTheOther(texts.map(({ bytes }) => bytes));
  if (text.length > 0x7fff_ffff) {
    throw new FrameError("the texts of a field may not exceed 2 GiB", { field: name });
  }
  const steps: CopyStep[] = [];
  let row = 0;
  let end = 0;
  for (const { offsets, rows, first, bytes } of texts) {
    const start = row;
    const shift = end - first;
    for (let from = 0; from <= rows; from += STEP_OFFSETS) {
      const step = offsets.subarray(from, Math.min(from + STEP_OFFSETS, rows + 1));
      steps.push((target, at) =>
        copyOffsets(new Int32Array(target.buffer, target.byteOffset + at, length + 1), start + from, step, shift),
      );
    }
    row += rows;
    end += bytes.length;
  }
  return [{ length: (length + 1) * Int32Array.BYTES_PER_ELEMENT, steps }, text];
}

/** Copies offsets that begin elsewhere in the whole than in their part. */
function copyOffsets(target: Int32Array, start: number, offsets: Int32Array, shift: number): void {
  if (shift === 0) {
    target.set(offsets, start);
    return;
  }
  for (let i = 0; i < offsets.length; i++) {
    target[start + i] = (offsets[i] ?? 0) + shift;
  }
}
