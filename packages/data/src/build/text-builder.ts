import type { ColumnOf, TextColumnBase } from "../column.js";
import { describe, FrameError } from "../frame-error.js";
import { encodeUtf8Into } from "../utf8.js";
import type { ColumnBuilderOptions, TextColumnBuilder } from "./column-builder.js";
import { addCells, addNull, addValue, baseOf, DEFAULT_CAPACITY, grownSize, noRows } from "./rows.js";

/** What 32-bit offsets can reach. */
const MAX_BYTES = 0x7fff_ffff;

/** Up to this many characters a loop over character codes beats the call into the encoder. */
const SHORT = 24;

/** Bytes a text is expected to take. It doubles where that is too little. */
const USUAL_BYTES = 8;

/** A builder for a column of texts or of JSON documents. */
export function createTextBuilder<T extends "string" | "json">(
  type: T,
  { capacity = DEFAULT_CAPACITY, field }: ColumnBuilderOptions,
): TextColumnBuilder<T> {
  const rows = noRows();
  let offsets = new Int32Array(capacity + 1);
  let bytes = new Uint8Array(Math.min(MAX_BYTES, Math.max(64, capacity * USUAL_BYTES)));
  let end = 0;

  /** Makes room for so many more rows of up to `size` bytes; less where that would exceed 2 GiB. */
  function reserve(size: number, more = 1): void {
    if (rows.length + more >= offsets.length) {
      const larger = new Int32Array(grownSize(offsets.length, rows.length + more + 1));
      larger.set(offsets);
      offsets = larger;
    }
    if (end + size > bytes.length) {
      const larger = new Uint8Array(Math.min(MAX_BYTES, Math.max(end + size, bytes.length * 2)));
      larger.set(bytes.subarray(0, end));
      bytes = larger;
    }
  }

  function tooLong(): FrameError {
    return new FrameError("the texts of a field may not exceed 2 GiB", { field, row: rows.length });
  }

  function appendText(text: string): void {
    reserve(text.length);
    const written = writeAscii(text, bytes, end);
    if (written >= 0) {
      end = written;
    } else {
      // A UTF-16 unit takes at most three bytes, so this much room makes a single pass enough.
      reserve(text.length * 3);
      const result = encodeUtf8Into(text, bytes.subarray(end));
      if (result.read < text.length) {
        throw tooLong();
      }
      end += result.written;
    }
    addValue(rows);
    offsets[rows.length] = end;
  }

  const builder: TextColumnBuilder<T> = {
    type,
    get length() {
      return rows.length;
    },
    append(value: unknown) {
      if (value === null || value === undefined) {
        builder.appendNull();
      } else if (type === "json") {
        appendText(jsonText(value, field, rows.length));
      } else if (typeof value === "string") {
        appendText(value);
      } else {
        throw new FrameError(`${describe(value)} is not a string`, { field, row: rows.length });
      }
    },
    appendBytes(source, start = 0, stop = source.length) {
      if (!(start >= 0 && start <= stop && stop <= source.length)) {
        throw new RangeError(`there are no bytes from ${start} to ${stop} in ${source.length}`);
      }
      const size = stop - start;
      reserve(size);
      if (end + size > bytes.length) {
        throw tooLong();
      }
      if (size > SHORT) {
        bytes.set(source.subarray(start, stop), end);
      } else {
        // In a constant: the variable outlives the call, and would be looked up for each byte.
        const target = bytes;
        for (let from = start, to = end; from < stop; from++, to++) {
          target[to] = source[from] ?? 0;
        }
      }
      end += size;
      addValue(rows);
      offsets[rows.length] = end;
    },
    appendCells(source, starts, lengths, from, to) {
      const size = sizeOf(source, starts, lengths, from, to);
      reserve(size, to - from);
      if (end + size > bytes.length) {
        throw tooLong();
      }
      end = copyCells(source, starts, lengths, from, to, bytes, end, offsets, rows.length + 1);
      addCells(rows, lengths, from, to);
    },
    appendNull() {
      reserve(0);
      addNull(rows);
      offsets[rows.length] = end;
    },
    finish() {
      const column: TextColumnBase & { readonly type: T } = {
        type,
        ...baseOf(rows),
        offsets: offsets.subarray(0, rows.length + 1),
        bytes: bytes.subarray(0, end),
      };
      return column as ColumnOf<T>;
    },
  };
  return builder;
}

/** Bytes of all cells together. @throws RangeError for a cell that is not in `source` */
function sizeOf(source: Uint8Array, starts: Int32Array, lengths: Int32Array, from: number, to: number): number {
  let size = 0;
  for (let cell = from; cell < to; cell++) {
    const length = lengths[cell] ?? 0;
    if (length >= 0) {
      const start = starts[cell] ?? 0;
      if (start < 0 || start + length > source.length) {
        throw new RangeError(`there are no ${length} bytes from ${start} on in ${source.length}`);
      }
      size += length;
    }
  }
  return size;
}

/** Copies cells to `target` from `end` on, and notes the end of each from `offsets[row]` on. @returns where the last one ends */
function copyCells(
  source: Uint8Array,
  starts: Int32Array,
  lengths: Int32Array,
  from: number,
  to: number,
  target: Uint8Array,
  end: number,
  offsets: Int32Array,
  row: number,
): number {
  let at = end;
  for (let cell = from; cell < to; cell++) {
    const start = starts[cell] ?? 0;
    const length = lengths[cell] ?? 0;
    if (length > SHORT) {
      target.set(source.subarray(start, start + length), at);
      at += length;
    } else {
      for (let next = start; next < start + length; next++) {
        target[at++] = source[next] ?? 0;
      }
    }
    offsets[row + cell - from] = at;
  }
  return at;
}

/** Writes a short text of ASCII characters and returns where it ends; -1 for any other text. */
function writeAscii(text: string, target: Uint8Array, start: number): number {
  const { length } = text;
  if (length > SHORT || start + length > target.length) {
    return -1;
  }
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) {
      return -1;
    }
    target[start + i] = code;
  }
  return start + length;
}

function jsonText(value: unknown, field: string | undefined, row: number): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new FrameError("a bigint or an object within itself is no JSON", { field, row }, { cause });
  }
  if (text === undefined) {
    throw new FrameError(`${describe(value)} is no JSON`, { field, row });
  }
  return text;
}
