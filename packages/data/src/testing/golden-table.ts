import { type Field, field as makeField } from "../field.js";
import type { FieldType } from "../field-type.js";
import { FrameError } from "../frame-error.js";
import { textEnd } from "../json/text-end.js";
import { NULL } from "./cell-text.js";
import { goldenColumn } from "./golden-column.js";
import { GoldenError } from "./golden-error.js";
import { acceptLine, expectLine, type GoldenLines, inLine, type LineForm, type MatchedLine } from "./golden-lines.js";
import { unquoted } from "./quoted.js";

/** What a golden text says of a field above the rows. */
export interface GoldenField extends Pick<Field, "name" | "nullable" | "labels" | "config"> {
  readonly type: FieldType;
}

const rowLine: LineForm = { start: "|", pattern: /^\|(.*)\|$/, form: "| <cell> | <cell> |" };
const ruleLine: LineForm = { start: "|-", pattern: /^\|[-|]+\|$/, form: "|---|---|" };

/**
 * Reads the table of a frame as its fields: names, a rule, and a line a row.
 * @throws {GoldenError} naming the line in which a cell is missing or is nothing of its field's type
 */
export function readTable(lines: GoldenLines, described: readonly GoldenField[]): Field[] {
  const header = expectLine(lines, rowLine);
  const names = cellsOf(header, described.length).map(unquoted);
  if (described.some(({ name }, index) => name !== names[index])) {
    throw new GoldenError("the names above the rows are not those of the fields", header.number);
  }
  expectLine(lines, ruleLine);
  const fields = described.map((field) => ({
    ...field,
    column: goldenColumn(field.type, field.name, field.config?.type?.enum?.text ?? []),
  }));
  let row = 0;
  for (let line = acceptLine(lines, rowLine); line !== undefined; line = acceptLine(lines, rowLine)) {
    const cells = cellsOf(line, fields.length);
    inLine(line, () => {
      for (const [index, { column, name, nullable }] of fields.entries()) {
        const cell = cells[index];
        if (cell === NULL && !nullable) {
          throw new FrameError("has no value, and the field is not nullable", { field: name, row });
        }
        column.append(cell === NULL ? undefined : cell);
      }
    });
    row++;
  }
  return fields.map(({ name, nullable, labels, config, column }) =>
    Object.freeze({ ...makeField(name, column.finish(), { nullable }), labels, config }),
  );
}

/** The cells of a row, which bars part that do not stand in quotes. */
function cellsOf(line: MatchedLine, count: number): string[] {
  const [row = ""] = line.groups;
  const cells: string[] = [];
  let start = 0;
  let at = 0;
  while (at < row.length) {
    const char = row.charAt(at);
    if (char === "|") {
      cells.push(row.slice(start, at).trim());
      start = at + 1;
    }
    at = char === '"' ? textEnd(row, at) : at + 1;
  }
  cells.push(row.slice(start).trim());
  if (cells.length !== count) {
    throw new GoldenError(`there are ${cells.length} cells for ${count} fields`, line.number);
  }
  return cells;
}
