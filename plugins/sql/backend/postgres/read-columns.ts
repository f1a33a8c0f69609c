import type { DescribedColumn } from "./column-types.js";
import { unreadable } from "./server-error.js";

/** Reads a RowDescription. */
export function readColumns(bytes: Buffer, start: number, end: number): DescribedColumn[] {
  const columns: DescribedColumn[] = [];
  let at = start + 2;
  for (let left = bytes.readUInt16BE(start); left > 0; left--) {
    const zero = bytes.indexOf(0, at);
    if (zero < 0 || zero + 19 > end) {
      throw unreadable();
    }
    columns.push({
      name: bytes.toString("utf8", at, zero),
      oid: bytes.readUInt32BE(zero + 7),
      modifier: bytes.readInt32BE(zero + 13),
    });
    at = zero + 19;
  }
  return columns;
}
