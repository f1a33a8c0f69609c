import { CARRIAGE_RETURN, LINE_FEED, QUOTE } from "../ascii.js";
import { type Cells, ESCAPED, lineAt, POSITION, QUOTED } from "./cells.js";
import { CsvError } from "./csv-error.js";
import { malformedUtf8At } from "./utf8.js";

/**
 * Finds the cells of a CSV file in one pass over its bytes, making nothing but marks.
 *
 * It stops wherever the bytes so far end, be it inside quotes, between CR and LF or inside a character, and goes on
 * from there without looking at a byte twice. A record for the state with functions over it rather than closures,
 * which the engine would compile anew for each file.
 */
export interface Tokenizer {
  readonly delimiter: number;
  /** How far the file was read. */
  position: number;
  state: typeof RECORD_START | typeof PLAIN | typeof IN_QUOTES | typeof BEHIND_QUOTE;
  /** As `Cells` has them, with the record under way behind the complete ones. */
  marks: Uint32Array;
  markCount: number;
  stride: number;
  /** Number of complete records, the header among them. */
  recordCount: number;
  openingQuote: number;
  /** Flags for the mark behind the cell under way. */
  flags: number;
  /** All bytes of the record or-ed: below 0x80 it is ASCII and needs no check. */
  seen: number;
}

const RECORD_START = 0;
/** At the start of a cell or inside one without quotes. */
const PLAIN = 1;
const IN_QUOTES = 2;
/** Behind a quote inside quotes, which closes them unless another quote follows. */
const BEHIND_QUOTE = 3;

/**
 * Starts at byte `start` with cells separated by the byte `delimiter`.
 *
 * Grammar: RFC 4180, https://www.rfc-editor.org/rfc/rfc4180#section-2, with LF and CR as line breaks beside CRLF
 * and lines without a single byte passed over.
 */
export function createTokenizer(start: number, delimiter: number): Tokenizer {
  return {
    delimiter,
    position: start,
    state: RECORD_START,
    marks: new Uint32Array(1024),
    markCount: 0,
    stride: 0,
    recordCount: 0,
    openingQuote: start,
    flags: 0,
    seen: 0,
  };
}

/** The records complete so far, or undefined before the header is. */
export function cellsOf({ marks, stride, recordCount }: Tokenizer, bytes: Uint8Array): Cells | undefined {
  return recordCount === 0 ? undefined : { bytes, marks, stride, rowCount: recordCount - 1 };
}

/**
 * Reads on up to `end`. `bytes` is the file from its start and may be another, larger array at each call.
 * Throws `CsvError` for what the grammar does not allow.
 */
export function tokenize(tokenizer: Tokenizer, bytes: Uint8Array, end: number): void {
  let at = tokenizer.position;
  while (at < end) {
    switch (tokenizer.state) {
      case RECORD_START:
        at = startRecord(tokenizer, bytes, at);
        break;
      case PLAIN:
        at = passPlainCells(tokenizer, bytes, at, end);
        if (at < end) endPlainCell(tokenizer, bytes, at++);
        break;
      case IN_QUOTES:
        at = passQuotedText(tokenizer, bytes, at, end);
        if (at < end) {
          tokenizer.state = BEHIND_QUOTE;
          at++;
        }
        break;
      case BEHIND_QUOTE:
        endQuotedCell(tokenizer, bytes, at++);
        break;
    }
  }
  tokenizer.position = at;
}

/** Ends the last record at `end`, where the file ends without a line break. */
export function endTokens(tokenizer: Tokenizer, bytes: Uint8Array, end: number): void {
  if (tokenizer.state === IN_QUOTES) {
    const line = lineAt(bytes, tokenizer.openingQuote);
    throw new CsvError(`the quote opened on line ${line} is never closed`, { line });
  }
  if (tokenizer.state !== RECORD_START) endRecord(tokenizer, bytes, end);
}

function startRecord(tokenizer: Tokenizer, bytes: Uint8Array, at: number): number {
  // An empty line, or the LF of a CRLF.
  if (isLineBreak(bytes[at])) return at + 1;
  tokenizer.state = PLAIN;
  mark(tokenizer, at);
  return at;
}

/**
 * Ends cells at delimiters and records at line breaks, up to `end` or a byte that needs a closer look: a quote, or the
 * end of a record that may be faulty or is followed by an empty line. Most of a file goes through this loop.
 */
function passPlainCells(tokenizer: Tokenizer, bytes: Uint8Array, from: number, end: number): number {
  const { delimiter, stride } = tokenizer;
  const highest = Math.max(delimiter, QUOTE);
  let { marks, markCount, recordCount, seen } = tokenizer;
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    // One comparison tells most bytes of a text from those that mean something.
    if (byte > highest) {
      seen |= byte;
    } else if (byte === delimiter) {
      if (markCount === marks.length) marks = growMarks(tokenizer);
      marks[markCount++] = at + 1;
    } else if (isLineBreak(byte)) {
      const next = byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : at + 1;
      const complete = markCount + 1 === (recordCount + 1) * stride;
      if (!complete || seen >= 0x80 || next >= end || isLineBreak(bytes[next])) break;
      if (markCount + 2 > marks.length) marks = growMarks(tokenizer);
      marks[markCount++] = at + 1;
      marks[markCount++] = next;
      recordCount++;
      seen = 0;
      at = next - 1;
    } else if (byte === QUOTE) {
      break;
    }
  }
  tokenizer.markCount = markCount;
  tokenizer.recordCount = recordCount;
  tokenizer.seen = seen;
  return at;
}

/** Takes the byte that `passPlainCells` stopped at. */
function endPlainCell(tokenizer: Tokenizer, bytes: Uint8Array, at: number): void {
  if (bytes[at] !== QUOTE) {
    endRecord(tokenizer, bytes, at);
    return;
  }
  const cellStart = (tokenizer.marks[tokenizer.markCount - 1] ?? 0) & POSITION;
  if (at !== cellStart) throw misplacedQuote(bytes, at);
  tokenizer.openingQuote = at;
  tokenizer.flags = QUOTED;
  tokenizer.state = IN_QUOTES;
}

/** The position of the next quote, or `end`. */
function passQuotedText(tokenizer: Tokenizer, bytes: Uint8Array, from: number, end: number): number {
  let { seen } = tokenizer;
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) break;
    seen |= byte;
  }
  tokenizer.seen = seen;
  return at;
}

/** Takes the byte behind a quote inside quotes. */
function endQuotedCell(tokenizer: Tokenizer, bytes: Uint8Array, at: number): void {
  const byte = bytes[at];
  if (byte === QUOTE) {
    tokenizer.flags |= ESCAPED;
    tokenizer.state = IN_QUOTES;
  } else if (byte === tokenizer.delimiter) {
    endCell(tokenizer, at);
    tokenizer.state = PLAIN;
  } else if (isLineBreak(byte)) {
    endRecord(tokenizer, bytes, at);
  } else {
    throw textBehindQuote(bytes, at);
  }
}

function endRecord(tokenizer: Tokenizer, bytes: Uint8Array, end: number): void {
  endCell(tokenizer, end);
  const first = tokenizer.recordCount * tokenizer.stride;
  const start = tokenizer.marks[first] ?? 0;
  if (tokenizer.seen >= 0x80) requireUtf8(bytes, start, end);
  const width = tokenizer.markCount - first;
  if (tokenizer.recordCount === 0) {
    tokenizer.stride = width;
  } else if (width !== tokenizer.stride) {
    throw raggedRecord(bytes, start, width - 1, tokenizer.stride - 1);
  }
  tokenizer.recordCount++;
  tokenizer.seen = 0;
  tokenizer.state = RECORD_START;
}

function endCell(tokenizer: Tokenizer, end: number): void {
  mark(tokenizer, (end + 1) | tokenizer.flags);
  tokenizer.flags = 0;
}

function mark(tokenizer: Tokenizer, value: number): void {
  const marks = tokenizer.markCount === tokenizer.marks.length ? growMarks(tokenizer) : tokenizer.marks;
  marks[tokenizer.markCount++] = value;
}

function growMarks(tokenizer: Tokenizer): Uint32Array {
  const larger = new Uint32Array(tokenizer.marks.length * 2);
  larger.set(tokenizer.marks);
  tokenizer.marks = larger;
  return larger;
}

function isLineBreak(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

function requireUtf8(bytes: Uint8Array, start: number, end: number): void {
  const fault = malformedUtf8At(bytes, start, end);
  if (fault < 0) return;
  const line = lineAt(bytes, fault);
  const byte = (bytes[fault] ?? 0).toString(16).padStart(2, "0");
  const message = `line ${line} is not valid UTF-8 (byte 0x${byte} at offset ${fault}); save the file as UTF-8`;
  throw new CsvError(message, { line });
}

function raggedRecord(bytes: Uint8Array, start: number, cells: number, expected: number): CsvError {
  const line = lineAt(bytes, start);
  const has = cells === 1 ? "1 cell" : `${cells} cells`;
  return new CsvError(`line ${line} has ${has}, the header has ${expected}`, { line });
}

function misplacedQuote(bytes: Uint8Array, at: number): CsvError {
  const line = lineAt(bytes, at);
  const remedy = "put the cell in quotes and write the quote twice";
  return new CsvError(`line ${line} has a quote inside an unquoted cell; ${remedy}`, { line });
}

function textBehindQuote(bytes: Uint8Array, at: number): CsvError {
  const line = lineAt(bytes, at);
  const remedy = "a quote inside a quoted cell is written twice";
  return new CsvError(`line ${line} has text behind a closing quote; ${remedy}`, { line });
}
