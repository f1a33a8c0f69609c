import { bitmapBytes, copyBits, emptyBitmap } from "../../bitmap.js";
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

/** A buffer of a record batch. */
export interface BatchBuffer {
  /** In bytes. */
  readonly length: number;
  /** Copies it to `target`, from `at` on, which is aligned to 8 bytes; in steps. */
  write(target: Uint8Array, at: number): Generator<void, void>;
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

const NOTHING: BatchBuffer = { length: 0, *write() {} };

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
  return {
    length: parts.reduce((sum, part) => sum + part.length, 0),
    *write(target, start) {
      let at = start;
      for (const part of parts) {
        for (let from = 0; from < part.length; from += STEP_BYTES) {
          const step = part.subarray(from, from + STEP_BYTES);
          target.set(step, at);
          at += step.length;
          yield;
        }
      }
    },
  };
}

/** @param parts each a bitmap, or nothing for bits that are all 1, and its number of bits */
function bitmap(parts: readonly (readonly [bits: Uint8Array | undefined, length: number])[]): BatchBuffer {
  const [first, ...more] = parts;
  if (more.length === 0 && first?.[0] !== undefined) {
    return oneBehindTheOther([first[0].subarray(0, bitmapBytes(first[1]))]);
  }
  const length = parts.reduce((sum, [, bits]) => sum + bits, 0);
  return {
    length: bitmapBytes(length),
    *write(target, at) {
      const joined = emptyBitmap(length);
      let start = 0;
      for (const [bits, count] of parts) {
        for (let from = 0; from < count; from += STEP_BITS) {
          copyBits(joined, start + from, bits?.subarray(from >>> 3), Math.min(count - from, STEP_BITS));
          yield;
        }
        start += count;
      }
      target.set(joined, at);
    },
  };
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
  const offsets: BatchBuffer = {
    length: (length + 1) * Int32Array.BYTES_PER_ELEMENT,
    *write(target, at) {
      const all = new Int32Array(target.buffer, target.byteOffset + at, length + 1);
      let row = 0;
      let end = 0;
      for (const part of texts) {
        const shift = end - part.first;
        for (let from = 0; from <= part.rows; from += STEP_OFFSETS) {
          const to = Math.min(from + STEP_OFFSETS, part.rows + 1);
          if (shift === 0) {
            all.set(part.offsets.subarray(from, to), row + from);
          } else {
            for (let i = from; i < to; i++) {
              all[row + i] = (part.offsets[i] ?? 0) + shift;
            }
          }
          yield;
        }
        row += part.rows;
        end += part.bytes.length;
      }
    },
  };
  return [offsets, text];
}
