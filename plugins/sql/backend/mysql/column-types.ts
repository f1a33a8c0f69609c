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
import { TypeNumber } from "./type-numbers.js";

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
  [TypeNumber.oldDecimal, [decimal]],
  [TypeNumber.tinyint, [int8, uint8]],
  [TypeNumber.smallint, [int16, uint16]],
  [TypeNumber.int, [int32, uint32]],
  [TypeNumber.float, [float64]],
  [TypeNumber.double, [float64]],
  [TypeNumber.timestamp, [timestamp]],
  [TypeNumber.bigint, [int64, uint64]],
  [TypeNumber.mediumint, [int32, uint32]],
  [TypeNumber.date, [timestamp]],
  [TypeNumber.datetime, [timestamp]],
  [TypeNumber.year, [uint16]],
  [TypeNumber.bit, [bits]],
  [TypeNumber.json, [json]],
  [TypeNumber.decimal, [decimal]],
  [TypeNumber.geometry, [hex]],
]);

/** The types that are text or bytes. */
export const textTypes: ReadonlySet<number> = new Set([
  TypeNumber.varchar,
  TypeNumber.vector,
  TypeNumber.enum,
  TypeNumber.set,
  TypeNumber.tinyblob,
  TypeNumber.mediumblob,
  TypeNumber.longblob,
  TypeNumber.blob,
  TypeNumber.varString,
  TypeNumber.string,
]);

/** What becomes of a column. What is not known is taken as text. */
export function typeOfColumn({ type, isUnsigned, isBinary, extended }: ColumnDefinition): ColumnType {
  if (textTypes.has(type)) {
    if (extended === "json") {
      return json;
    }
    // uuid, inet4 and inet6 come as their texts.
    return isBinary && (extended === "" || extended === "vector") ? hex : text;
  }
  const [signed = text, unsigned = signed] = types.get(type) ?? [];
  return isUnsigned ? unsigned : signed;
}
