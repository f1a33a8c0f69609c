import type { CellWriter } from "@framewright/sdk/sql";
import { dateReader, datetimeReader } from "./binary-times.js";
import type { ColumnDefinition } from "./column-definition.js";
import { readNumber } from "./length-encoded.js";

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
  [0, [readText]],
  [1, [number(1, (row, at) => row.readInt8(at)), number(1, (row, at) => row[at] ?? 0)]],
  [2, [number(2, (row, at) => row.readInt16LE(at)), number(2, (row, at) => row.readUInt16LE(at))]],
  [3, [number(4, (row, at) => row.readInt32LE(at)), number(4, (row, at) => row.readUInt32LE(at))]],
  // NULL, of which no cell has a value.
  [6, [readText]],
  [8, [readInt64, readUint64]],
  // MEDIUMINT takes as much as INT.
  [9, [number(4, (row, at) => row.readInt32LE(at)), number(4, (row, at) => row.readUInt32LE(at))]],
  // YEAR
  [13, [number(2, (row, at) => row.readUInt16LE(at))]],
  // VARCHAR, BIT, JSON, DECIMAL, ENUM, SET, the BLOBs, VAR_STRING, STRING, GEOMETRY, VECTOR: what they are as text, too.
  ...[15, 16, 242, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255].map((type) => [type, [readText]] as const),
]);

const DOUBLE = 5;
const TIMESTAMP = 7;
const DATE = 10;
const DATETIME = 12;

/** From how many decimals on their number is not fixed. */
const NOT_FIXED = 31;
/** Times have at most so many digits behind the point. */
const MICROSECONDS = 6;

const readDouble = number(8, (row, at) => row.readDoubleLE(at));

/**
 * What reads a column of binary rows. Nothing where its cells would not be what they are as text: of a FLOAT that has six digits, of a DOUBLE as
 * many decimals as its declaration or a function has set, and a TIME of -00:00:00 keeps its sign there.
 */
export function binaryReader({ type, isUnsigned, decimals }: ColumnDefinition): ReadBinary | undefined {
  switch (type) {
    case DOUBLE:
      return decimals < NOT_FIXED ? undefined : readDouble;
    case DATE:
      return dateReader();
    case TIMESTAMP:
    case DATETIME:
      return decimals > MICROSECONDS ? undefined : datetimeReader(decimals);
    default: {
      const [signed, unsigned = signed] = readers.get(type) ?? [];
      return isUnsigned ? unsigned : signed;
    }
  }
}

/** What reads the columns of binary rows; nothing where one of them is to come as text, for then all have to. */
export function binaryReaders(columns: readonly ColumnDefinition[]): readonly ReadBinary[] | undefined {
  const found = columns.map(binaryReader).filter((reader) => reader !== undefined);
  return found.length === columns.length ? found : undefined;
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
