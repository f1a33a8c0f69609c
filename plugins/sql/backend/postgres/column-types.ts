import {
  boolean,
  type CellWriter,
  type ColumnType,
  decimal,
  fixedDecimal,
  float64,
  int16,
  int32,
  int64,
  json,
  text,
  timestamp,
  uint32,
  uint64,
} from "@framewright/sdk/sql";

/** How a column is asked for, and what becomes of it. */
export interface PostgresType {
  readonly type: ColumnType;
  /** Puts a cell in the binary format into its column; absent where the text format is asked for. */
  readonly readBinary?: ReadBinary;
}

/** Reads the cell that begins at `at`. */
export type ReadBinary = (cell: CellWriter, bytes: Buffer, at: number) => void;

/** What a RowDescription says of a column. */
export interface DescribedColumn {
  readonly name: string;
  /** The number of the type, as in `pg_type`. */
  readonly oid: number;
  /** What was declared of the type, such as its digits; -1 for nothing. */
  readonly modifier: number;
}

/** Numbers of the types in `pg_type`, which are the same in every database. Source: PostgreSQL's src/include/catalog/pg_type.dat */
const types: ReadonlyMap<number, PostgresType> = new Map<number, PostgresType>([
  [16, { type: boolean }],
  [20, { type: int64, readBinary: readInt8 }],
  [21, { type: int16, readBinary: (cell, bytes, at) => cell.appendNumber(bytes.readInt16BE(at)) }],
  [23, { type: int32, readBinary: (cell, bytes, at) => cell.appendNumber(bytes.readInt32BE(at)) }],
  // oid, xid, cid: whole numbers without a sign.
  [26, { type: uint32, readBinary: readUint4 }],
  [28, { type: uint32, readBinary: readUint4 }],
  [29, { type: uint32, readBinary: readUint4 }],
  [5069, { type: uint64 }],
  [114, { type: json }],
  [3802, { type: json }],
  // As text, the server writes the shortest digits that tell a float4 from others: 1.1, not 1.100000023841858.
  [700, { type: float64 }],
  [701, { type: float64, readBinary: (cell, bytes, at) => cell.appendNumber(bytes.readDoubleBE(at)) }],
  [1082, { type: timestamp, readBinary: readDate }],
  [1114, { type: timestamp, readBinary: readTimestamp }],
  [1184, { type: timestamp, readBinary: readTimestamp }],
]);

const NUMERIC = 1700;

/** What becomes of a column. Types that are not in the table, those of extensions and of users too, are taken as text. */
export function typeOfColumn({ oid, modifier }: DescribedColumn): PostgresType {
  if (oid === NUMERIC) {
    return { type: modifier < 0 ? decimal : fixedDecimal };
  }
  return types.get(oid) ?? { type: text };
}

function readUint4(cell: CellWriter, bytes: Buffer, at: number): void {
  cell.appendNumber(bytes.readUInt32BE(at));
}

function readInt8(cell: CellWriter, bytes: Buffer, at: number): void {
  const value = bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
  if (Number.isSafeInteger(value)) {
    cell.appendNumber(value);
  } else {
    cell.appendText(bytes.readBigInt64BE(at).toString());
  }
}

/** Days from 1970 to 2000, from which PostgreSQL counts. */
const DAYS_TO_2000 = 10_957;
const SECONDS_TO_2000 = DAYS_TO_2000 * 86_400;

function readDate(cell: CellWriter, bytes: Buffer, at: number): void {
  const days = bytes.readInt32BE(at);
  if (days === 0x7fff_ffff || days === -0x8000_0000) {
    cell.appendText(days > 0 ? "infinity" : "-infinity");
  } else {
    cell.appendInstant((days + DAYS_TO_2000) * 86_400, 0);
  }
}

/** Microseconds since 2000. Their halves are put together as a `number`, which has them exact for 285 years around. */
function readTimestamp(cell: CellWriter, bytes: Buffer, at: number): void {
  const high = bytes.readInt32BE(at);
  const low = bytes.readUInt32BE(at + 4);
  const microseconds = high * 2 ** 32 + low;
  if (Number.isSafeInteger(microseconds)) {
    const seconds = Math.floor(microseconds / 1e6);
    cell.appendInstant(seconds + SECONDS_TO_2000, (microseconds - seconds * 1e6) * 1_000);
    return;
  }
  if (high === 0x7fff_ffff && low === 0xffff_ffff) {
    cell.appendText("infinity");
  } else if (high === -0x8000_0000 && low === 0) {
    cell.appendText("-infinity");
  } else {
    const exact = bytes.readBigInt64BE(at);
    const rest = ((exact % 1_000_000n) + 1_000_000n) % 1_000_000n;
    cell.appendInstant(Number((exact - rest) / 1_000_000n) + SECONDS_TO_2000, Number(rest) * 1_000);
  }
}
