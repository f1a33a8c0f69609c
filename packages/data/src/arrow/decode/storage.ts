import type { FieldType, FixedType, IntegerType } from "../../field-type.js";
import { isFixedType } from "../../fixed-arrays.js";
import { ArrowError } from "../arrow-error.js";
import * as Arrow from "../format.js";
import { type FlatTable, int16Of, int32Of, tableOf, uint8Of } from "./flat-buffer.js";

/** How the values of a field lie in its buffers, and the type that they have in a frame. */
export type Storage = FixedStorage | TimeStorage | BooleanStorage | TextStorage;

/** The bytes of a typed array, taken as they are. */
export interface FixedStorage {
  readonly kind: "fixed";
  readonly type: FixedType;
}

/** Moments in another unit than nanoseconds. */
export interface TimeStorage {
  readonly kind: "time";
  readonly type: "time";
  /** What holds a value: days take 32 bits, all else 64. */
  readonly width: "int32" | "int64";
  /** Nanoseconds in the unit. */
  readonly factor: bigint;
}

/** One bit a row. */
export interface BooleanStorage {
  readonly kind: "boolean";
  readonly type: "boolean";
}

/** Texts: one behind the other with offsets of 32 or 64 bits, or views of 16 bytes each. */
export interface TextStorage {
  readonly kind: "text";
  readonly type: "string" | "json";
  readonly layout: "offsets32" | "offsets64" | "views";
}

/** Types of the places in a dictionary. */
export type IndexType = IntegerType;

const NS_PER_DAY = 86_400_000_000_000n;
const NS_PER_MS = 1_000_000n;

/**
 * Reads how a field's values are stored.
 * @param tsType Grafana's own type of the field, where the file has it: it tells enums from other uint16
 * @param what names the field, for errors
 */
export function readStorage(field: FlatTable, tsType: string | undefined, what: string): Storage {
  const typeType = uint8Of(field, Arrow.Field.typeType);
  const table = tableOf(field, Arrow.Field.type);
  if (table === undefined) {
    throw new ArrowError(`${what}: the Arrow schema gives no type`);
  }
  switch (typeType) {
    case Arrow.ArrowType.Timestamp:
      return timestampStorage(int16Of(table, Arrow.TimestampType.unit), what);
    case Arrow.ArrowType.Date:
      return int16Of(table, Arrow.DateType.unit, Arrow.DATE_UNIT_MILLISECOND) === Arrow.DATE_UNIT_DAY
        ? { kind: "time", type: "time", width: "int32", factor: NS_PER_DAY }
        : { kind: "time", type: "time", width: "int64", factor: NS_PER_MS };
    case Arrow.ArrowType.FloatingPoint:
      return fixedStorage(Arrow.precisions[int16Of(table, Arrow.FloatingPointType.precision)] ?? "unknown", what);
    case Arrow.ArrowType.Int: {
      const type = integerTypeOf(table, what);
      return { kind: "fixed", type: type === "uint16" && tsType === "enum" ? "enum" : type };
    }
    case Arrow.ArrowType.Bool:
      return { kind: "boolean", type: "boolean" };
    case Arrow.ArrowType.Utf8:
      return { kind: "text", type: "string", layout: "offsets32" };
    case Arrow.ArrowType.LargeUtf8:
      return { kind: "text", type: "string", layout: "offsets64" };
    case Arrow.ArrowType.Utf8View:
      return { kind: "text", type: "string", layout: "views" };
    case Arrow.ArrowType.Binary:
      return { kind: "text", type: "json", layout: "offsets32" };
    case Arrow.ArrowType.LargeBinary:
      return { kind: "text", type: "json", layout: "offsets64" };
    case Arrow.ArrowType.BinaryView:
      return { kind: "text", type: "json", layout: "views" };
    default:
      throw unsupported(what, Arrow.arrowTypeNames[typeType] ?? `number ${typeType}`);
  }
}

/** Reads the type of the places in a dictionary from the table `DictionaryEncoding`. */
export function readIndexType(encoding: FlatTable, what: string): IndexType {
  const type = tableOf(encoding, Arrow.DictionaryEncoding.indexType);
  return type === undefined ? "int32" : integerTypeOf(type, what);
}

function timestampStorage(unit: number, what: string): Storage {
  if (Arrow.timeUnits[unit] === undefined) {
    throw unsupported(what, `Timestamp in the unit number ${unit}`);
  }
  const factor = 1000n ** BigInt(Arrow.timeUnits.length - 1 - unit);
  return factor === 1n ? { kind: "fixed", type: "time" } : { kind: "time", type: "time", width: "int64", factor };
}

function integerTypeOf(table: FlatTable, what: string): IntegerType {
  const bits = int32Of(table, Arrow.IntType.bitWidth);
  const name = `${uint8Of(table, Arrow.IntType.isSigned) === 0 ? "uint" : "int"}${bits}`;
  const type = integerTypes.find((known) => known === name);
  if (type === undefined) {
    throw unsupported(what, `Int of ${bits} bits`);
  }
  return type;
}

const integerTypes: readonly IntegerType[] = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];

function fixedStorage(type: string, what: string): Storage {
  if (!isFixedType(type)) {
    throw unsupported(what, `FloatingPoint, ${type}`);
  }
  return { kind: "fixed", type };
}

function unsupported(what: string, type: string): ArrowError {
  const known: readonly FieldType[] = ["time", "string", "json", "boolean", "enum"];
  return new ArrowError(
    `${what}: the Arrow type ${type} has no counterpart in a frame, which holds integers, floating point numbers of ` +
      `32 and 64 bits, and ${known.join(", ")}; convert the column before it is written`,
  );
}
