import { FrameError } from "../frame-error.js";
import { GoldenError } from "./golden-error.js";

/** A line of a golden text, without the spaces around it. */
export interface GoldenLine {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

/** A line and what the groups of its pattern match. */
export interface MatchedLine extends GoldenLine {
  readonly groups: readonly string[];
}

/** The lines of a golden text that are not empty, of which those before `at` have been read. */
export interface GoldenLines {
  readonly list: readonly GoldenLine[];
  /** The number to name where a line is missing at the end. */
  readonly end: number;
  at: number;
}

/** How lines of one kind look. */
export interface LineForm {
  /** What the line begins with. */
  readonly start: string;
  readonly pattern: RegExp;
  /** The form in words, for errors. */
  readonly form: string;
}

/** The lines of a text, whatever its line breaks. */
export function goldenLines(text: string): GoldenLines {
  const all = text.split(/\r\n|\r|\n/).map((line, index) => ({ text: line.trim(), number: index + 1 }));
  return { list: all.filter((line) => line.text !== ""), end: all.length, at: 0 };
}

/**
 * Reads the next line where it is of this kind.
 * @throws {GoldenError} if it begins as one of this kind and goes on differently
 */
export function acceptLine(lines: GoldenLines, { start, pattern, form }: LineForm): MatchedLine | undefined {
  const line = lines.list[lines.at];
  if (line === undefined || !line.text.startsWith(start)) {
    return undefined;
  }
  const match = pattern.exec(line.text);
  if (match === null) {
    throw new GoldenError(`${shortened(line.text)} has not the form ${form}`, line.number);
  }
  lines.at++;
  return { ...line, groups: match.slice(1) };
}

/**
 * Reads the next line.
 * @throws {GoldenError} if it is not of this kind
 */
export function expectLine(lines: GoldenLines, form: LineForm): MatchedLine {
  const line = acceptLine(lines, form);
  if (line === undefined) {
    throw unexpectedLine(lines, form.form);
  }
  return line;
}

/** The error for the next line, or the end, where something else should be. */
export function unexpectedLine({ list, at, end }: GoldenLines, expected: string): GoldenError {
  const line = list[at];
  const found = line === undefined ? "the text ends" : `${shortened(line.text)} stands`;
  return new GoldenError(`${found} where ${expected} should be`, line?.number ?? end);
}

/**
 * What `read` makes of a line.
 * @throws {GoldenError} with the line, where it throws a FrameError
 */
export function inLine<T>(line: GoldenLine, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof FrameError ? new GoldenError(cause.message, line.number, { cause }) : cause;
  }
}

/**
 * What JSON in a line says.
 * @throws {GoldenError} if it is damaged
 */
export function jsonIn(line: GoldenLine, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new GoldenError(`${shortened(json)} is no JSON`, line.number, { cause });
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
