import {
  bytes,
  type ColumnType,
  columnType,
  decimal,
  float64,
  int8,
  int16,
  int32,
  int64,
  json,
  text,
  timestamp,
  uint8,
  uint16,
  uint32,
  uint64,
} from "@framewright/sdk/sql";
import type { ColumnDefinition } from "./column-definition.js";

/** Bits come as bytes, the highest first. */
const bits = columnType("uint64", {
  fromText: (cell, start, end) => BigInt(`0x0${Buffer.from(cell.subarray(start, end)).toString("hex")}`),
});

const hex = bytes("hex", "0x");

/** Types by their number, those of whole numbers with what they are without a sign. */
const types: ReadonlyMap<number, readonly [signed: ColumnType, unsigned?: ColumnType]> = new Map<
  number,
  readonly [ColumnType, ColumnType?]
>([
  [0, [decimal]],
  [1, [int8, uint8]],
  [2, [int16, uint16]],
  [3, [int32, uint32]],
  [4, [float64]],
  [5, [float64]],
  [7, [timestamp]],
  [8, [int64, uint64]],
  // MEDIUMINT
  [9, [int32, uint32]],
  [10, [timestamp]],
  [12, [timestamp]],
  // YEAR
  [13, [uint16]],
  [16, [bits]],
  [245, [json]],
  [246, [decimal]],
  // GEOMETRY
  [255, [hex]],
]);

/** The numbers of types that are text or bytes: VARCHAR, ENUM, SET, the BLOBs, VAR_STRING, STRING, VECTOR. */
const texts = new Set([15, 242, 247, 248, 249, 250, 251, 252, 253, 254]);

/** What becomes of a column. What is not known is taken as text. */
export function typeOfColumn({ type, isUnsigned, isBinary, extended }: ColumnDefinition): ColumnType {
  if (texts.has(type)) {
    if (extended === "json") {
      return json;
    }
    // uuid, inet4 and inet6 come as their texts.
    return isBinary && (extended === "" || extended === "vector") ? hex : text;
  }
  const [signed = text, unsigned = signed] = types.get(type) ?? [];
  return isUnsigned ? unsigned : signed;
}
