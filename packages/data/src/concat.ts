import { copyBits, emptyBitmap } from "./bitmap.js";
import type { Column, FixedArrays, TextColumnBase, TypedColumn } from "./column.js";
import { makeTypedColumn } from "./columns.js";
import type { FixedType } from "./field-type.js";
import { bytesOfFixedArray, bytesPerValue, isTypedColumn, newFixedArray } from "./fixed-arrays.js";
import { FrameError } from "./frame-error.js";

/**
 * One column of the rows of all `parts`, which are of one type and at least one, in their order. A single part is returned as it is.
 *
 * @param name the field's, for the error
 * @throws {FrameError} naming the field, if there is no part, or the texts of all parts together exceed 2 GiB
 */
export function concatColumns(parts: readonly Column[], name: string): Column {
  const [first, ...more] = parts;
  if (first === undefined) {
    throw new FrameError("there is no part to make a column of", { field: name });
  }
  if (more.length === 0) {
    return first;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const nullCount = parts.reduce((sum, part) => sum + part.nullCount, 0);
  const validity = nullCount === 0 ? undefined : joinBits(parts, length, ({ validity: bits }) => bits);
  const base = { length, nullCount, validity };
  if (isTypedColumn(first)) {
    return makeTypedColumn<FixedType>(first.type, joinValues(parts.filter(isTypedColumn), first.type, length), base);
  }
  if (first.type === "boolean") {
    const bits = parts.filter((part) => part.type === "boolean");
    return { type: "boolean", ...base, values: joinBits(bits, length, ({ values }) => values) };
  }
  const texts = parts.filter((part) => part.type === "string" || part.type === "json");
  return { type: first.type, ...base, ...joinTexts(texts, length, name) };
}

function joinValues(parts: readonly TypedColumn[], type: FixedType, length: number): FixedArrays[FixedType] {
  const joined = newFixedArray<FixedType>(type, length);
  const bytes = bytesOfFixedArray(joined, length);
  let at = 0;
  for (const part of parts) {
    bytes.set(bytesOfFixedArray(part.values, part.length), at);
    at += part.length * bytesPerValue(type);
  }
  return joined;
}

function joinBits<C extends Column>(
  parts: readonly C[],
  length: number,
  bitsOf: (part: C) => Uint8Array | undefined,
): Uint8Array {
  const bits = emptyBitmap(length);
  let at = 0;
  for (const part of parts) {
    copyBits(bits, at, bitsOf(part), part.length);
    at += part.length;
  }
  return bits;
}

function joinTexts(
  parts: readonly TextColumnBase[],
  length: number,
  name: string,
): Pick<TextColumnBase, "offsets" | "bytes"> {
  const texts = parts.map((part) => ({ part, first: part.offsets[0] ?? 0, last: part.offsets[part.length] ?? 0 }));
  const total = texts.reduce((sum, { first, last }) => sum + last - first, 0);
  if (total > 0x7fff_ffff) {
    throw new FrameError("the texts of a field may not exceed 2 GiB", { field: name });
  }
  const offsets = new Int32Array(length + 1);
  const bytes = new Uint8Array(total);
  let row = 0;
  let end = 0;
  for (const { part, first, last } of texts) {
    for (let i = 1; i <= part.length; i++) {
      offsets[row + i] = end + (part.offsets[i] ?? 0) - first;
    }
    bytes.set(part.bytes.subarray(first, last), end);
    row += part.length;
    end += last - first;
  }
  return { offsets, bytes };
}
