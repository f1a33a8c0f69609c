import type { TextColumnBase } from "./column.js";

const encoder = new TextEncoder();
// ignoreBOM: a byte order mark at the start of a cell is part of its text and must survive.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Writes as much of `text` as fits to the start of `target`, as UTF-8: UTF-16 units read and bytes written. */
export function encodeUtf8Into(text: string, target: Uint8Array): { readonly read: number; readonly written: number } {
  return encoder.encodeInto(text, target);
}

/** Bytes of `text` as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of UTF-8 `bytes`. Throws a `TypeError` for a malformed sequence. */
export function decodeUtf8Strictly(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Text of UTF-8 `bytes`; a malformed sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Below this many bytes a loop over character codes beats the call into the decoder. */
const SHORT = 24;

/** The text of row `row`, whether or not the row is null. */
export function textAt(column: TextColumnBase, row: number): string {
  const { bytes, offsets } = column;
  const start = offsets[row] ?? 0;
  const end = offsets[row + 1] ?? start;
  if (end - start > SHORT) {
    return decoder.decode(bytes.subarray(start, end));
  }
  let text = "";
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x7f) {
      return decoder.decode(bytes.subarray(start, end));
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

/** More bytes than this are not made one text. */
const MOST_AT_ONCE = 1 << 26;

/**
 * Gives the texts of all rows, much faster than {@link textAt} where they are ASCII: they are decoded at once then and cut
 * where rows begin.
 */
export function textReader(column: TextColumnBase): (row: number) => string {
  const { bytes, offsets, length } = column;
  const first = offsets[0] ?? 0;
  const end = offsets[length] ?? first;
  if (end - first <= MOST_AT_ONCE) {
    const text = decoder.decode(bytes.subarray(first, end));
    // Only what is not ASCII takes more bytes than UTF-16 units.
    if (text.length === end - first) {
      return (row) => text.slice((offsets[row] ?? 0) - first, (offsets[row + 1] ?? 0) - first);
    }
  }
  return (row) => textAt(column, row);
}
