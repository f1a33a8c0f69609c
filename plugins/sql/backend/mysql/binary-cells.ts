import type { CellWriter } from "@framewright/sdk/sql";
import { dateReader, datetimeReader } from "./binary-times.js";
import type { ColumnDefinition } from "./column-definition.js";
import { textTypes } from "./column-types.js";
import { readNumber } from "./length-encoded.js";
import { TypeNumber } from "./type-numbers.js";

/**
 * Puts a cell of a binary row into its column.
 *
 * @param at where in `row` the cell begins
 * @param end where the row ends
 * @returns where the next cell begins
 */
export type ReadBinary = (cell: CellWriter, row: Buffer, at: number, end: number) => number;

/** Readers by the number of the type, those of whole numbers with the one for what has no sign. */
const readers: ReadonlyMap<number, readonly [signed: ReadBinary, unsigned?: ReadBinary]> = new Map<
  number,
  readonly [ReadBinary, ReadBinary?]
>([
  [TypeNumber.tinyint, [number(1, (row, at) => row.readInt8(at)), number(1, (row, at) => row[at] ?? 0)]],
  [TypeNumber.smallint, [number(2, (row, at) => row.readInt16LE(at)), number(2, (row, at) => row.readUInt16LE(at))]],
  // MEDIUMINT takes as much as INT.
  ...[TypeNumber.int, TypeNumber.mediumint].map(
    (type) =>
      [type, [number(4, (row, at) => row.readInt32LE(at)), number(4, (row, at) => row.readUInt32LE(at))]] as const,
  ),
  [TypeNumber.bigint, [readInt64, readUint64]],
  [TypeNumber.year, [number(2, (row, at) => row.readUInt16LE(at))]],
  // What they are as text, too; of NULL no cell has a value.
  ...[
    ...textTypes,
    TypeNumber.oldDecimal,
    TypeNumber.null,
    TypeNumber.bit,
    TypeNumber.json,
    TypeNumber.decimal,
    TypeNumber.geometry,
  ].map((type) => [type, [readText]] as const),
]);

/**
 * How many characters the numbers of a type have at most. One that is declared longer may have values that its type does not hold, whose
 * text is whole and whose binary form is cut: of YEAR and TINYINT UNSIGNED, MariaDB's `coalesce` is a TINYINT UNSIGNED with values such as 2155.
 */
const longest: ReadonlyMap<number, readonly [signed: number, unsigned: number]> = new Map([
  [TypeNumber.tinyint, [4, 3]],
  [TypeNumber.smallint, [6, 5]],
  [TypeNumber.mediumint, [9, 8]],
  [TypeNumber.int, [11, 10]],
]);

/** From how many decimals on their number is not fixed. */
const NOT_FIXED = 31;
/** Times have at most so many digits behind the point. */
const MICROSECONDS = 6;

const readDouble = number(8, (row, at) => row.readDoubleLE(at));

/**
 * What reads a column of binary rows. Nothing where its cells would not be what they are as text: of a FLOAT that has six digits, of a DOUBLE as
 * many decimals as its declaration or a function has set, a TIME of -00:00:00 keeps its sign there, and a number may be longer than its type.
 */
export function binaryReader({ type, isUnsigned, length, decimals }: ColumnDefinition): ReadBinary | undefined {
  switch (type) {
    case TypeNumber.double:
      return decimals < NOT_FIXED ? undefined : readDouble;
    case TypeNumber.date:
      return dateReader();
    case TypeNumber.timestamp:
    case TypeNumber.datetime:
      return decimals > MICROSECONDS ? undefined : datetimeReader(decimals);
    default: {
      const [signed, unsigned = signed] = readers.get(type) ?? [];
      const most = longest.get(type)?.[isUnsigned ? 1 : 0] ?? Number.POSITIVE_INFINITY;
      return length > most ? undefined : isUnsigned ? unsigned : signed;
    }
  }
}

/** Whether a result can come as binary rows: it has columns, and there is none that is to come as text, for then all have to. */
export function isBinarySafe(columns: readonly ColumnDefinition[]): boolean {
  return columns.length > 0 && columns.every((column) => binaryReader(column) !== undefined);
}

/** What reads the columns of binary rows. @throws TypeError for one that is not {@link isBinarySafe} */
export function binaryReaders(columns: readonly ColumnDefinition[]): readonly ReadBinary[] {
  return columns.map((column) => {
    const reader = binaryReader(column);
    if (reader === undefined) {
      throw new TypeError(`the column "${column.name}" has to come as text`);
    }
    return reader;
  });
}

function number(length: number, read: (row: Buffer, at: number) => number): ReadBinary {
  return (cell, row, at) => {
    cell.appendNumber(read(row, at));
    return at + length;
  };
}

function readInt64(cell: CellWriter, row: Buffer, at: number): number {
  const value = row.readInt32LE(at + 4) * 2 ** 32 + row.readUInt32LE(at);
  if (Number.isSafeInteger(value)) {
    cell.appendNumber(value);
  } else {
    cell.appendText(row.readBigInt64LE(at).toString());
  }
  return at + 8;
}

function readUint64(cell: CellWriter, row: Buffer, at: number): number {
  const value = row.readUInt32LE(at + 4) * 2 ** 32 + row.readUInt32LE(at);
  if (Number.isSafeInteger(value)) {
    cell.appendNumber(value);
  } else {
    cell.appendText(row.readBigUInt64LE(at).toString());
  }
  return at + 8;
}

/** Text, or bytes, with their length before them. */
function readText(cell: CellWriter, row: Buffer, at: number, end: number): number {
  let length = row[at] ?? 0;
  let start = at + 1;
  if (length > 0xfa) {
    [length, start] = readNumber(row, at);
  }
  if (start + length > end) {
    throw new RangeError(`a cell of ${length} bytes, which are not there`);
  }
  cell.appendText(row, start, start + length);
  return start + length;
}
