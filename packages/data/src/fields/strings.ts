import { emptyBitmap, setBit } from "../bitmap.js";
import { stringColumn } from "../columns.js";
import { type Field, type FieldOptions, unnamedField } from "../field.js";
import { describe, FrameError } from "../frame-error.js";
import { encodeUtf8Into } from "../utf8.js";

/** What 32-bit offsets can reach. */
const MAX_BYTES = 0x7fff_ffff;

/**
 * A field of texts, held as UTF-8; a lone surrogate becomes U+FFFD. `null` and `undefined` are rows without a value;
 * an empty string is a value.
 *
 * @throws {FrameError} naming the row, if a value is not a string, or all of them together exceed 2 GiB
 */
export function strings(values: ArrayLike<string | null | undefined>, options: FieldOptions = {}): Field {
  const { length } = values;
  const offsets = new Int32Array(length + 1);
  const validity = emptyBitmap(length);
  let bytes = new Uint8Array(Math.min(MAX_BYTES, Math.max(64, length * 8)));
  let end = 0;
  for (let row = 0; row < length; row++) {
    const value: unknown = values[row];
    if (typeof value === "string") {
      // A UTF-16 unit takes at most three bytes, so this much room makes a single pass enough.
      const worst = end + value.length * 3;
      if (worst > bytes.length) {
        bytes = grown(bytes, end, worst);
      }
      const { read, written } = encodeUtf8Into(value, bytes.subarray(end));
      if (read < value.length) {
        throw new FrameError("the texts of a field may not exceed 2 GiB", { field: options.name, row });
      }
      end += written;
      setBit(validity, row);
    } else if (value !== null && value !== undefined) {
      throw new FrameError(`${describe(value)} is not a string`, { field: options.name, row });
    }
    offsets[row + 1] = end;
  }
  return unnamedField(stringColumn(offsets, bytes.subarray(0, end), validity), options);
}

function grown(bytes: Uint8Array<ArrayBuffer>, used: number, needed: number): Uint8Array<ArrayBuffer> {
  const size = Math.min(MAX_BYTES, Math.max(needed, bytes.length * 2));
  if (size === bytes.length) {
    return bytes;
  }
  const larger = new Uint8Array(size);
  larger.set(bytes.subarray(0, used));
  return larger;
}
