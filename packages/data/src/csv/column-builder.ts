import { dropBlanks, QUOTE, skipBlanks } from "../ascii.js";
import { emptyBitmap, setBit } from "../bitmap.js";
import type { Column } from "../column.js";
import { halvesOf, writeBillions } from "../int64.js";
import { type Instant, parseTime } from "../time-text.js";
import { isNaNText, isTrue } from "./cell-kind.js";
import { type Cells, cellEnd, cellStart, isEscaped, markOf } from "./cells.js";
import type { CsvType } from "./csv-type.js";
import { parseNumber, writeInt64 } from "./number.js";

/** Turns the cells of one column into a typed column, some rows at a time. */
export interface ColumnBuilder {
  /** Adds the rows up to number `end` of those to be built. */
  advance(end: number): void;
  /** The column of the rows added. */
  finish(): Column;
}

/** The cells a column is made of. */
interface Source {
  readonly cells: Cells;
  readonly column: number;
  /** Numbers of the rows, or undefined for all. */
  readonly rows: Uint32Array | undefined;
  readonly length: number;
  readonly validity: Uint8Array;
}

/**
 * Starts building column `column` as `type`, which all of its cells fit, from the rows whose numbers `rows` gives, or
 * from all. An empty cell becomes null.
 */
export function createColumnBuilder(
  cells: Cells,
  column: number,
  type: CsvType,
  rows: Uint32Array | undefined,
): ColumnBuilder {
  const length = rows?.length ?? cells.rowCount;
  const source: Source = { cells, column, rows, length, validity: emptyBitmap(length) };
  switch (type) {
    case "time": {
      const values = new BigInt64Array(length);
      const halves = halvesOf(values);
      return createBuilder(
        source,
        (from, end) => fillTimes(source, halves, from, end),
        (base) => ({ type, ...base, values }),
      );
    }
    case "float64": {
      const values = new Float64Array(length);
      return createBuilder(
        source,
        (from, end) => fillNumbers(source, values, from, end),
        (base) => ({ type, ...base, values }),
      );
    }
    case "int64": {
      const values = new BigInt64Array(length);
      const halves = halvesOf(values);
      return createBuilder(
        source,
        (from, end) => fillIntegers(source, halves, from, end),
        (base) => ({ type, ...base, values }),
      );
    }
    case "boolean": {
      const values = emptyBitmap(length);
      return createBuilder(
        source,
        (from, end) => fillBooleans(source, values, from, end),
        (base) => ({ type, ...base, values }),
      );
    }
    case "string": {
      const texts = createTexts(source);
      return createBuilder(
        source,
        (from, end) => fillTexts(source, texts, from, end),
        (base) => ({ type, ...base, offsets: texts.offsets, bytes: texts.bytes.subarray(0, texts.used) }),
      );
    }
  }
}

/** What columns of all types have in common. */
interface ColumnBase {
  readonly length: number;
  readonly nullCount: number;
  readonly validity: Uint8Array | undefined;
}

/** `fill` sets the values of the rows `from..end` and returns how many of them are null. */
function createBuilder(
  { length, validity }: Source,
  fill: (from: number, end: number) => number,
  columnOf: (base: ColumnBase) => Column,
): ColumnBuilder {
  let built = 0;
  let nullCount = 0;
  return {
    advance(end) {
      nullCount += fill(built, end);
      built = end;
    },
    finish: () => columnOf({ length, nullCount, validity: nullCount === 0 ? undefined : validity }),
  };
}

// One loop a type, so that the engine compiles each with the parser it calls inside it.

function fillTimes(source: Source, halves: Int32Array, from: number, to: number): number {
  const { cells, validity } = source;
  const { bytes } = cells;
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  let nulls = 0;
  for (let index = from; index < to; index++) {
    const mark = markOfRow(source, index);
    const end = cellEnd(cells, mark);
    const start = skipBlanks(bytes, cellStart(cells, mark), end);
    if (start === end) {
      nulls++;
      continue;
    }
    setBit(validity, index);
    parseTime(bytes, start, dropBlanks(bytes, start, end), instant);
    writeBillions(halves, index, instant.seconds, instant.nanoseconds);
  }
  return nulls;
}

function fillNumbers(source: Source, values: Float64Array, from: number, to: number): number {
  const { cells, validity } = source;
  const { bytes } = cells;
  let nulls = 0;
  for (let index = from; index < to; index++) {
    const mark = markOfRow(source, index);
    const cell = cellEnd(cells, mark);
    const start = skipBlanks(bytes, cellStart(cells, mark), cell);
    if (start === cell) {
      nulls++;
      continue;
    }
    setBit(validity, index);
    const end = dropBlanks(bytes, start, cell);
    values[index] = isNaNText(bytes, start, end) ? Number.NaN : parseNumber(bytes, start, end);
  }
  return nulls;
}

function fillIntegers(source: Source, halves: Int32Array, from: number, to: number): number {
  const { cells, validity } = source;
  const { bytes } = cells;
  let nulls = 0;
  for (let index = from; index < to; index++) {
    const mark = markOfRow(source, index);
    const end = cellEnd(cells, mark);
    const start = skipBlanks(bytes, cellStart(cells, mark), end);
    if (start === end) {
      nulls++;
      continue;
    }
    setBit(validity, index);
    writeInt64(halves, index, bytes, start, dropBlanks(bytes, start, end));
  }
  return nulls;
}

function fillBooleans(source: Source, values: Uint8Array, from: number, to: number): number {
  const { cells, validity } = source;
  const { bytes } = cells;
  let nulls = 0;
  for (let index = from; index < to; index++) {
    const mark = markOfRow(source, index);
    const end = cellEnd(cells, mark);
    const start = skipBlanks(bytes, cellStart(cells, mark), end);
    if (start === end) {
      nulls++;
      continue;
    }
    setBit(validity, index);
    if (isTrue(bytes, start, dropBlanks(bytes, start, end))) setBit(values, index);
  }
  return nulls;
}

/** Texts one behind the other, as a string column has them. */
interface Texts {
  readonly offsets: Int32Array;
  /** As long as needed or longer. */
  bytes: Uint8Array;
  used: number;
}

/** Texts up to this many bytes are copied one by one, which is faster than a call that copies them at once. */
const SHORT_TEXT = 24;

function createTexts({ cells, length }: Source): Texts {
  // Eight bytes a text is a guess; it doubles where that is too little.
  const capacity = Math.min(cells.bytes.length, length * 8) + SHORT_TEXT;
  return { offsets: new Int32Array(length + 1), bytes: new Uint8Array(capacity), used: 0 };
}

function fillTexts(source: Source, texts: Texts, from: number, to: number): number {
  const { cells, validity } = source;
  const { offsets } = texts;
  let nulls = 0;
  for (let index = from; index < to; index++) {
    const mark = markOfRow(source, index);
    const start = cellStart(cells, mark);
    const end = cellEnd(cells, mark);
    if (start === end) {
      nulls++;
    } else {
      setBit(validity, index);
      if (texts.used + end - start > texts.bytes.length) growTexts(texts, end - start);
      texts.used = isEscaped(cells, mark)
        ? unescapeText(cells.bytes, start, end, texts.bytes, texts.used)
        : copyText(cells.bytes, start, end, texts.bytes, texts.used);
    }
    offsets[index + 1] = texts.used;
  }
  return nulls;
}

function growTexts(texts: Texts, extra: number): void {
  const larger = new Uint8Array(Math.max(texts.bytes.length * 2, texts.used + extra));
  larger.set(texts.bytes.subarray(0, texts.used));
  texts.bytes = larger;
}

function copyText(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start > SHORT_TEXT) {
    target.set(source.subarray(start, end), at);
  } else {
    for (let from = start, to = at; from < end; from++, to++) target[to] = source[from] ?? 0;
  }
  return at + end - start;
}

/** Copies a text in which each quote is written twice. */
function unescapeText(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = source[from] ?? 0;
    target[to++] = byte;
    if (byte === QUOTE) from++;
  }
  return to;
}

function markOfRow({ cells, column, rows }: Source, index: number): number {
  return markOf(cells, rows === undefined ? index : (rows[index] ?? 0), column);
}
