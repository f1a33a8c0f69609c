import { type Frame, valueAt } from "@framewright/data";

/** What a frame is to hold. */
export interface ExpectedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A value: a `Date` for a time, a `bigint` for a whole number of 64 bits. */
export type Cell = string | number | bigint | Date | null;

/**
 * Compares a frame, cell by cell, with what it is to hold.
 *
 * @returns what differs, in words; empty when nothing does
 */
export function checkRows(frame: Frame, { columns, rows }: ExpectedRows): string[] {
  const problems: string[] = [];
  const names = frame.fields.map((field) => field.name);
  if (names.join() !== columns.join()) {
    problems.push(`fields ${columns.join(", ")} expected, the frame has ${names.join(", ")}`);
  }
  if (frame.length !== rows.length || rows.length === 0) {
    problems.push(`${rows.length} rows expected, and more than none; the frame has ${frame.length}`);
  }
  for (const [column, field] of frame.fields.entries()) {
    for (let row = 0; row < frame.length; row++) {
      const expected = rows[row]?.[column];
      const value = valueAt(field, row);
      if (value !== (expected instanceof Date ? BigInt(expected.getTime()) * 1_000_000n : expected)) {
        const said = expected instanceof Date ? expected.toISOString() : String(expected);
        problems.push(`row ${row}, ${field.name}: ${String(value)} in the frame, ${said} expected`);
      }
    }
  }
  return problems;
}
