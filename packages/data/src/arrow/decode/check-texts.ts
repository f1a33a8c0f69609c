import type { JsonColumn, StringColumn, TextColumnBase } from "../../column.js";
import { hasValue, jsonAt } from "../../value.js";
import { damaged } from "./damaged.js";

/** Throws where a row's text is not UTF-8, or where its JSON document is none. An empty document stands for `null`, as in Go. */
export function checkTexts(column: StringColumn | JsonColumn, name: string): void {
  if (!isAllUtf8(column)) {
    const row = findInvalidText(column);
    if (row !== undefined) {
      throw damaged(name, "its text is not valid UTF-8", row);
    }
  }
  if (column.type === "json") {
    const row = findRow(column, (row) => !isJson(column, row));
    if (row !== undefined) {
      throw damaged(name, "is not valid JSON, which is what a binary column of a frame holds", row);
    }
  }
}

/** Bytes given to the decoder at once, so that the text it makes of them stays small. */
const CHUNK_BYTES = 1 << 20;

/** Whether all bytes of the rows are UTF-8 and no row begins within a character. Bytes of rows without a value count. */
function isAllUtf8({ offsets, bytes, length }: TextColumnBase): boolean {
  const first = offsets[0] ?? 0;
  const end = offsets[length] ?? first;
  if (isAscii(bytes, first, end)) {
    return true;
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = first; at < end; at += CHUNK_BYTES) {
      decoder.decode(bytes.subarray(at, Math.min(end, at + CHUNK_BYTES)), { stream: true });
    }
    decoder.decode();
  } catch {
    return false;
  }
  for (let row = 0; row < length; row++) {
    const start = offsets[row] ?? 0;
    if (start < end && isContinuation(bytes[start] ?? 0)) {
      return false;
    }
  }
  return true;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (; at < end && (bytes.byteOffset + at) % 4 !== 0; at++) {
    if ((bytes[at] ?? 0) > 0x7f) return false;
  }
  // The few bytes of a short text may end before the first whole word begins.
  const words = at < end ? new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >>> 2) : [];
  for (const word of words) {
    if ((word & 0x8080_8080) !== 0) return false;
  }
  for (at += words.length * 4; at < end; at++) {
    if ((bytes[at] ?? 0) > 0x7f) return false;
  }
  return true;
}

/** Whether a byte is one of those that follow the first of a character. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function findRow(column: TextColumnBase, isWrong: (row: number) => boolean): number | undefined {
  for (let row = 0; row < column.length; row++) {
    if (hasValue(column, row) && isWrong(row)) {
      return row;
    }
  }
  return undefined;
}

function findInvalidText(column: TextColumnBase): number | undefined {
  const { offsets, bytes } = column;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return findRow(column, (row) => {
    try {
      decoder.decode(bytes.subarray(offsets[row], offsets[row + 1]));
      return false;
    } catch {
      return true;
    }
  });
}

function isJson(column: JsonColumn, row: number): boolean {
  if (column.offsets[row] === column.offsets[row + 1]) {
    return true;
  }
  try {
    jsonAt(column, row);
    return true;
  } catch {
    return false;
  }
}
