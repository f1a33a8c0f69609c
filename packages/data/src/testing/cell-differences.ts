import type { Field } from "../field.js";
import { displayWidth, truncate } from "../format/display-width.js";
import { goDocument } from "../json/go-json.js";
import { readValue } from "../value.js";
import { aligned } from "./aligned.js";
import { cellFormatter } from "./cell-text.js";
import { escapeBeyondAscii, quoted } from "./quoted.js";

/** Two fields of the same type whose rows are compared. */
export interface FieldPair {
  readonly actual: Field;
  readonly expected: Field;
}

/** Columns of a terminal that a cell takes at most. */
const MAX_WIDTH = 60;
/** Characters shown before the first that differs in a long cell. */
const CONTEXT = 20;

/**
 * The cells that differ in the rows that both frames have, as lines: how many there are, and the first of them as a table.
 * @param tolerance by how much two floating point numbers may differ
 * @param shown cells shown at most
 */
export function cellDifferences(pairs: readonly FieldPair[], rows: number, tolerance: number, shown: number): string[] {
  const table: string[][] = [["field", "row", "actual", "expected"]];
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (const { actual, expected } of pairs) {
      if (!areEqual(actual, expected, row, tolerance)) {
        count++;
        if (count <= shown) {
          table.push([quoted(actual.name), String(row), ...cellPair(actual, expected, row)]);
        }
      }
    }
  }
  if (count === 0) {
    return [];
  }
  const total = rows * pairs.length;
  const of = `${count} of ${total} cells ${count === 1 ? "differs" : "differ"}${count > shown ? `, the first ${shown}` : ""}:`;
  const lines = aligned(table, [false, true]).map((cells) => `  ${cells.join("  ")}`.trimEnd());
  return [of, ...lines];
}

function areEqual(actual: Field, expected: Field, row: number, tolerance: number): boolean {
  const [a, b] = [readValue(actual.column, row), readValue(expected.column, row)];
  if (Object.is(a, b)) {
    return true;
  }
  switch (actual.column.type) {
    case "float32":
    case "float64":
      return tolerance > 0 && typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= tolerance;
    case "json":
      return typeof a === "string" && typeof b === "string" && goDocument(a) === goDocument(b);
    default:
      return false;
  }
}

/** What two cells say, cut to where they differ. */
function cellPair(actual: Field, expected: Field, row: number): [string, string] {
  let [a, b] = [cellFormatter(actual, [row])(row), cellFormatter(expected, [row])(row)];
  if (a.normalize() === b.normalize()) {
    // An accent on its own looks like a letter that has it.
    [a, b] = [escapeBeyondAscii(a), escapeBeyondAscii(b)];
  }
  let same = 0;
  while (same < a.length && a[same] === b[same]) {
    same++;
  }
  return [excerpt(a, same), excerpt(b, same)];
}

/** A cell, or of a long one what stands around character `at`. */
function excerpt(cell: string, at: number): string {
  if (displayWidth(cell) <= MAX_WIDTH || at <= CONTEXT) {
    return truncate(cell, MAX_WIDTH);
  }
  // Not between the two halves of a character.
  const start = /[\udc00-\udfff]/.test(cell.charAt(at - CONTEXT)) ? at - CONTEXT - 1 : at - CONTEXT;
  return truncate(`…${cell.slice(start)}`, MAX_WIDTH);
}
