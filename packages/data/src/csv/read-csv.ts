import { COMMA } from "../ascii.js";
import { type Cells, cellText, MAX_TABLE_BYTES } from "./cells.js";
import { type ColumnTypes, createColumnTypes } from "./column-types.js";
import { CsvError } from "./csv-error.js";
import { type CsvTable, createCsvTable } from "./csv-table.js";
import type { CsvType } from "./csv-type.js";
import { createPacer } from "./pacer.js";
import { createSourceBuffer } from "./source-buffer.js";
import { cellsOf, createTokenizer, endTokens, tokenize } from "./tokenizer.js";

/** How a CSV file is read. */
export interface CsvReadOptions {
  /** What separates cells: one ASCII character other than a quote or a line break. A comma if absent. */
  readonly delimiter?: string;
  /**
   * Types of columns by name, for those whose type shall not be found by looking at the cells. Every cell that is not
   * empty must fit. Applies to all columns of that name.
   */
  readonly types?: Readonly<Record<string, CsvType>>;
  /** The most bytes the file may have, up to 2^30 - 2. 256 MiB if absent. */
  readonly maxBytes?: number;
  /** Stops the work, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Bytes handled between two looks at the clock. */
const STEP = 64 * 1024;

/**
 * Reads a CSV file with a header row, from bytes that are there or arrive in pieces, and finds the type of each column
 * by looking at all of its cells.
 *
 * The file is RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180) in UTF-8. A byte order mark is passed over. A record
 * ends with CRLF, LF or CR, the last one also with the file. A line without a single byte is passed over; one with
 * spaces is a record. Spaces belong to the text of a cell, but around a number, a time or a truth value they are ignored.
 *
 * Empty cells, in quotes or not, are null. A column is, by all its other cells, whether quoted or not:
 *
 * - `float64` if all are decimal numbers (`-1`, `+1`, `1.5`, `.5`, `1.`, `1e-3`) or the word `NaN`;
 * - `int64` if all are whole numbers, one is beyond ±(2^53 - 1) and all fit 64 bits;
 * - `boolean` if all are `true` or `false` in letters of either case;
 * - `time` if all are ISO 8601 dates or date-times or dates like `May 31 2024`, as `parseTime` in `time.ts` lists them;
 *   one without an offset is in UTC;
 * - `string` in every other case. These are strings too: a column without a value, one with a number with leading zeros
 *   (`00501` is a code), one of whole numbers of which one does not fit 64 bits, one with `Infinity` or a number too
 *   large for a double, and one with a time that 64-bit nanoseconds do not hold.
 *
 * Throws `CsvError`, which names the line, for a record with more or fewer cells than the header, a quote that is never
 * closed or stands where none may, text behind a closing quote, bytes that are not UTF-8, UTF-16, a file without a
 * header, a file above `maxBytes`, and a cell or column that `types` does not fit; `RangeError` for wrong options. What
 * the source throws comes through as it is.
 *
 * It gives way to the event loop about every 10 ms. A `Uint8Array` given as the source is not copied: it must not
 * change until the table is let go of. Pieces of a source are copied.
 */
export async function readCsv(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  options: CsvReadOptions = {},
): Promise<CsvTable> {
  const delimiter = delimiterByte(options.delimiter);
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (!(maxBytes >= 0 && maxBytes <= MAX_TABLE_BYTES)) {
    throw new RangeError(`maxBytes must lie between 0 and ${MAX_TABLE_BYTES}, it is ${maxBytes}`);
  }
  const pacer = createPacer(options.signal);
  const buffer = createSourceBuffer();
  let reader: Reader | undefined;
  let read = 0;

  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    options.signal?.throwIfAborted();
    if (buffer.length + chunk.length > maxBytes) {
      throw new CsvError(`the file is larger than ${maxBytes} bytes, the most that is read`);
    }
    if (chunk === source) buffer.adopt(chunk);
    else buffer.append(chunk);
    // A byte order mark takes three bytes, which may come one by one.
    if (buffer.length < 3) continue;
    reader ??= createReader(startOfText(buffer.bytes, buffer.length), delimiter, options.types);
    while (read < buffer.length) {
      read = Math.min(read + STEP, buffer.length);
      reader.advance(buffer.bytes, read);
      if (pacer.due()) await pacer.pause();
    }
  }
  options.signal?.throwIfAborted();
  reader ??= createReader(startOfText(buffer.bytes, buffer.length), delimiter, options.types);
  return reader.finish(buffer.bytes, buffer.length);
}

/** Finds cells and types side by side, while the bytes are still in the processor's cache. */
interface Reader {
  advance(bytes: Uint8Array, end: number): void;
  finish(bytes: Uint8Array, end: number): CsvTable;
}

function createReader(start: number, delimiter: number, chosen: CsvReadOptions["types"]): Reader {
  const tokenizer = createTokenizer(start, delimiter);
  let names: string[] = [];
  let columnTypes: ColumnTypes | undefined;

  function look(bytes: Uint8Array): Cells | undefined {
    const cells = cellsOf(tokenizer, bytes);
    if (cells === undefined) return undefined;
    if (columnTypes === undefined) {
      names = columnNames(cells);
      columnTypes = createColumnTypes(names, chosen);
    }
    columnTypes.advance(cells);
    return cells;
  }

  return {
    advance(bytes, end) {
      tokenize(tokenizer, bytes, end);
      look(bytes);
    },
    finish(bytes, end) {
      tokenize(tokenizer, bytes, end);
      endTokens(tokenizer, bytes, end);
      const cells = look(bytes);
      if (cells === undefined || columnTypes === undefined) {
        throw new CsvError("the file is empty: its first line must be the header", { line: 1 });
      }
      const types = columnTypes.types();
      return createCsvTable(
        cells,
        names.map((name, index) => ({ index, name, type: types[index] ?? "string" })),
      );
    },
  };
}

function columnNames(cells: Cells): string[] {
  return Array.from({ length: cells.stride - 1 }, (_, index) => cellText(cells, index) || `Column ${index + 1}`);
}

/** Where the text starts behind a byte order mark: https://www.unicode.org/faq/utf_bom.html#bom4 */
function startOfText(bytes: Uint8Array, length: number): number {
  const [first, second, third] = bytes;
  if (length >= 2 && ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))) {
    throw new CsvError("the file is UTF-16; save it as UTF-8", { line: 1 });
  }
  return length >= 3 && first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}

function delimiterByte(delimiter: string | undefined): number {
  if (delimiter === undefined) return COMMA;
  if (!/^[^"\r\n\u0080-\uffff]$/.test(delimiter)) {
    throw new RangeError(`the delimiter must be one ASCII character, neither a quote nor a line break: "${delimiter}"`);
  }
  return delimiter.charCodeAt(0);
}
