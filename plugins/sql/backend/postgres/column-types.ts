import {
  boolean,
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
import {
  type ReadCells,
  readDate,
  readFloat8,
  readInt2,
  readInt4,
  readInt8,
  readTimestamp,
  readUint4,
} from "./binary-cells.js";

/** How a column is asked for, and what becomes of it. */
export interface PostgresType {
  readonly type: ColumnType;
  /** Reads cells in the binary format; absent where the text format is asked for. */
  readonly readBinary?: ReadCells;
}

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
  [21, { type: int16, readBinary: readInt2 }],
  [23, { type: int32, readBinary: readInt4 }],
  // oid, xid, cid: whole numbers without a sign.
  [26, { type: uint32, readBinary: readUint4 }],
  [28, { type: uint32, readBinary: readUint4 }],
  [29, { type: uint32, readBinary: readUint4 }],
  [5069, { type: uint64 }],
  [114, { type: json }],
  [3802, { type: json }],
  // As text, the server writes the shortest digits that tell a float4 from others: 1.1, not 1.100000023841858.
  [700, { type: float64 }],
  [701, { type: float64, readBinary: readFloat8 }],
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
