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
