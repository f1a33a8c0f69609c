/**
 * Where every cell of a table lies in its bytes, in one number a cell.
 *
 * Each record takes `stride` marks, one more than it has cells: the position it starts at, then for each cell the
 * position behind the byte that ended it, which is where the next cell starts. The first record is the header.
 */
export interface Cells {
  readonly bytes: Uint8Array;
  readonly marks: Uint32Array;
  /** Marks a record takes: the number of columns plus one. */
  readonly stride: number;
  /** Number of complete records below the header. */
  readonly rowCount: number;
}

/** Set in the mark behind a cell that stands in quotes. */
export const QUOTED = 0x8000_0000;

/** Set in the mark behind a quoted cell that holds doubled quotes. */
export const ESCAPED = 0x4000_0000;

/** The bits of a mark that are a position. */
export const POSITION = 0x3fff_ffff;

/** The most bytes a table can have, since positions share their 32 bits with two flags: 1 GiB less two. */
export const MAX_TABLE_BYTES = POSITION - 1;

/** The index of the mark in front of a cell; row 0 is the first below the header, row -1 the header. */
export function markOf(cells: Cells, row: number, column: number): number {
  return (row + 1) * cells.stride + column;
}

/** Where the text of the cell behind a mark starts, its opening quote left out. */
export function cellStart(cells: Cells, mark: number): number {
  return ((cells.marks[mark] ?? 0) & POSITION) + ((cells.marks[mark + 1] ?? 0) >>> 31);
}

/** Where the text of the cell behind a mark ends, its closing quote left out. */
export function cellEnd(cells: Cells, mark: number): number {
  const after = cells.marks[mark + 1] ?? 0;
  return (after & POSITION) - 1 - (after >>> 31);
}

/** Whether the cell behind a mark holds doubled quotes, each of which stands for one. */
export function isEscaped(cells: Cells, mark: number): boolean {
  return ((cells.marks[mark + 1] ?? 0) & ESCAPED) !== 0;
}

/** The text of one cell. Makes a string: for headers and messages, not for data. */
export function cellText(cells: Cells, mark: number): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    cells.bytes.subarray(cellStart(cells, mark), cellEnd(cells, mark)),
  );
  return isEscaped(cells, mark) ? text.replaceAll('""', '"') : text;
}

/** The physical line, from 1, that a position is on. Counts from the start of the bytes: for error messages. */
export function lineAt(bytes: Uint8Array, position: number): number {
  let line = 1;
  for (let i = 0; i < position; i++) {
    const byte = bytes[i];
    if (byte === 0x0a || (byte === 0x0d && bytes[i + 1] !== 0x0a)) line++;
  }
  return line;
}
