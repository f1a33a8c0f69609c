import { emptyBitmap, getBit, setBit } from "../../bitmap.js";
import type { Column, StringColumn } from "../../column.js";
import { hasValue } from "../../value.js";
import { ArrowError } from "../arrow-error.js";

/** One column of the rows of all `parts`, which are of one type and at least one. A single part is returned as it is. */
export function concatColumns(parts: readonly Column[], name: string): Column {
  const [first, ...more] = parts;
  if (first === undefined) {
    throw new ArrowError(`field ${JSON.stringify(name)}: there are no record batches`);
  }
  if (more.length === 0) {
    return first;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const nullCount = parts.reduce((sum, part) => sum + part.nullCount, 0);
  const validity = nullCount === 0 ? undefined : joinBits(parts, length, hasValue);
  const base = { length, nullCount, validity };
  switch (first.type) {
    case "time":
    case "int64": {
      const values = new BigInt64Array(length);
      joinValues(parts, first.type, (part, at) => values.set(part.values.subarray(0, part.length), at));
      return { ...base, type: first.type, values };
    }
    case "float64": {
      const values = new Float64Array(length);
      joinValues(parts, first.type, (part, at) => values.set(part.values.subarray(0, part.length), at));
      return { ...base, type: first.type, values };
    }
    case "boolean": {
      const bits = parts.filter((part) => part.type === "boolean");
      return { ...base, type: first.type, values: joinBits(bits, length, (part, row) => getBit(part.values, row)) };
    }
    case "string":
      return { ...base, type: first.type, ...joinTexts(parts, length, name) };
  }
}

function joinValues<T extends Column["type"]>(
  parts: readonly Column[],
  type: T,
  copy: (part: Extract<Column, { type: T }>, at: number) => void,
): void {
  const isOfType = (part: Column): part is Extract<Column, { type: T }> => part.type === type;
  let at = 0;
  for (const part of parts.filter(isOfType)) {
    copy(part, at);
    at += part.length;
  }
}

function joinBits<C extends Column>(
  parts: readonly C[],
  length: number,
  bit: (part: C, row: number) => boolean,
): Uint8Array {
  const bits = emptyBitmap(length);
  let at = 0;
  for (const part of parts) {
    for (let row = 0; row < part.length; row++) {
      if (bit(part, row)) {
        setBit(bits, at + row);
      }
    }
    at += part.length;
  }
  return bits;
}

function joinTexts(parts: readonly Column[], length: number, name: string): Pick<StringColumn, "offsets" | "bytes"> {
  const texts = parts
    .filter((part) => part.type === "string")
    .map((part) => ({ part, first: part.offsets[0] ?? 0, last: part.offsets[part.length] ?? 0 }));
  const total = texts.reduce((sum, { first, last }) => sum + last - first, 0);
  if (total > 0x7fff_ffff) {
    throw new ArrowError(`field ${JSON.stringify(name)}: its texts exceed 2 GiB`);
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
