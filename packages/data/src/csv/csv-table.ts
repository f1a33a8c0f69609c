import { dropBlanks, skipBlanks } from "../ascii.js";
import type { Field } from "../field.js";
import { type Instant, parseTime } from "../time-text.js";
import { type Cells, cellEnd, cellStart, markOf } from "./cells.js";
import { createColumnBuilder } from "./column-builder.js";
import type { CsvType } from "./csv-type.js";
import { createPacer } from "./pacer.js";

/**
 * A CSV file that was read: its cells are found and its columns have types, but no value was made yet.
 * It keeps the file's bytes, so let go of it once the fields are made.
 */
export interface CsvTable {
  /** The columns in the file's order. */
  readonly columns: readonly CsvColumn[];
  /** Number of records below the header. */
  readonly rowCount: number;
  /**
   * The numbers of the rows, from 0 and ascending, whose time in `column` lies within `range`. Rows without a time are
   * left out. Throws `TypeError` if the column is not of type `time`.
   */
  rowsWithin(column: CsvColumn, range: CsvTimeRange, options?: CsvWorkOptions): Promise<Uint32Array>;
  /** Makes typed fields of some rows and columns, or of all. Every field is nullable; an empty cell is null. */
  toFields(options?: CsvFieldOptions): Promise<Field[]>;
}

/** A column of a CSV file. */
export interface CsvColumn {
  /** Place in the file, from 0. */
  readonly index: number;
  /** The name in the header, as it stands there: two columns may have the same. An empty one is `Column <place>`. */
  readonly name: string;
  /** The type that fits all its cells, or the one asked for. */
  readonly type: CsvType;
}

/** A range of time in ms since 1970-01-01T00:00:00Z, both ends included. */
export interface CsvTimeRange {
  /** The first moment within it, in ms since 1970. */
  readonly from: number;
  /** The last moment within it, in ms since 1970. */
  readonly to: number;
}

/** For work that may take long: it gives way to the event loop about every 10 ms. */
export interface CsvWorkOptions {
  /** Stops the work, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What to make fields of. */
export interface CsvFieldOptions extends CsvWorkOptions {
  /** The columns, in the order wanted. All, in the file's order, if absent. */
  readonly columns?: readonly CsvColumn[];
  /** Numbers of rows, from 0, in the order wanted. All if absent. Throws `RangeError` if there is no such row. */
  readonly rows?: Uint32Array;
}

/** Rows handled between two looks at the clock. */
const STEP = 4096;

/** A table over cells, with the name and type of each column. */
export function createCsvTable(cells: Cells, columns: readonly CsvColumn[]): CsvTable {
  const { rowCount } = cells;
  return {
    columns,
    rowCount,
    rowsWithin: (column, range, options) => rowsWithin(cells, column, range, options?.signal),
    async toFields(options = {}) {
      requireRows(options.rows, rowCount);
      const length = options.rows?.length ?? rowCount;
      const pacer = createPacer(options.signal);
      const fields: Field[] = [];
      for (const { index, name, type } of options.columns ?? columns) {
        const builder = createColumnBuilder(cells, index, type, options.rows);
        for (let built = 0; built < length; ) {
          built = Math.min(built + STEP, length);
          builder.advance(built);
          if (pacer.due()) await pacer.pause();
        }
        fields.push({ name, nullable: true, labels: undefined, config: undefined, column: builder.finish() });
      }
      return fields;
    },
  };
}

async function rowsWithin(
  cells: Cells,
  column: CsvColumn,
  range: CsvTimeRange,
  signal: AbortSignal | undefined,
): Promise<Uint32Array> {
  if (column.type !== "time") {
    throw new TypeError(`the column "${column.name}" holds ${column.type} values, not times`);
  }
  const pacer = createPacer(signal);
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  const rows = new Uint32Array(cells.rowCount);
  let found = 0;
  for (let row = 0; row < cells.rowCount; row++) {
    if (row % STEP === 0 && pacer.due()) await pacer.pause();
    const mark = markOf(cells, row, column.index);
    const end = cellEnd(cells, mark);
    const start = skipBlanks(cells.bytes, cellStart(cells, mark), end);
    if (start === end) continue;
    parseTime(cells.bytes, start, dropBlanks(cells.bytes, start, end), instant);
    if (isWithin(instant, range)) rows[found++] = row;
  }
  return rows.slice(0, found);
}

/** Compares whole milliseconds and what is above them apart, since a double does not hold both exactly. */
function isWithin({ seconds, nanoseconds }: Instant, { from, to }: CsvTimeRange): boolean {
  const above = nanoseconds % 1_000_000;
  const ms = seconds * 1000 + (nanoseconds - above) / 1_000_000;
  return ms >= from && (ms < to || (ms === to && above === 0));
}

function requireRows(rows: Uint32Array | undefined, rowCount: number): void {
  // Not `for … of`, which takes ten times as long for a typed array, in one go.
  for (let i = 0; rows !== undefined && i < rows.length; i++) {
    const row = rows[i] ?? 0;
    if (row >= rowCount) throw new RangeError(`there is no row ${row}: the table has ${rowCount}`);
  }
}
