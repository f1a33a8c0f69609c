import { kindOf } from "./cell-kind.js";
import { type Cells, cellEnd, cellStart, cellText, lineAt, markOf } from "./cells.js";
import { CsvError } from "./csv-error.js";
import type { CsvType } from "./csv-type.js";
import { kindsOfType, TEXT, typeOfKinds } from "./kinds.js";

/** Finds the type of every column, looking at each row as soon as it is complete. */
export interface ColumnTypes {
  /** Looks at the rows that came since the last call. */
  advance(cells: Cells): void;
  /** The type of each column, from the rows looked at. */
  types(): CsvType[];
}

/**
 * Starts with the names of the columns and the types already chosen for some, each of which every cell must then fit.
 * Throws `CsvError` if a type is chosen for a column that the file does not have.
 */
export function createColumnTypes(
  names: readonly string[],
  chosen: Readonly<Record<string, CsvType>> = {},
): ColumnTypes {
  for (const name of Object.keys(chosen)) {
    if (!names.includes(name)) {
      throw new CsvError(`a type is set for the column "${name}", which the file does not have`, { column: name });
    }
  }
  const chosenTypes = names.map((name) => (Object.hasOwn(chosen, name) ? chosen[name] : undefined));
  const kinds = new Uint16Array(names.length);
  let looked = 0;

  function advance(cells: Cells): void {
    for (let column = 0; column < names.length; column++) {
      const type = chosenTypes[column];
      if (type === "string") continue;
      if (type !== undefined) requireType(cells, column, type);
      else if ((kinds[column] ?? 0) !== TEXT) kinds[column] = kindsIn(cells, column, kinds[column] ?? 0);
    }
    looked = cells.rowCount;
  }

  /** The kinds in the new rows of a column, or-ed to those before; `TEXT` alone as soon as it can be nothing else. */
  function kindsIn(cells: Cells, column: number, before: number): number {
    let all = before;
    for (let row = looked; row < cells.rowCount; row++) {
      const mark = markOf(cells, row, column);
      const start = cellStart(cells, mark);
      const end = cellEnd(cells, mark);
      if (start === end) continue;
      all |= kindOf(cells.bytes, start, end);
      if ((all & TEXT) !== 0) return TEXT;
    }
    return all;
  }

  function requireType(cells: Cells, column: number, type: CsvType): void {
    const fitting = kindsOfType(type);
    for (let row = looked; row < cells.rowCount; row++) {
      const mark = markOf(cells, row, column);
      const start = cellStart(cells, mark);
      const end = cellEnd(cells, mark);
      if (start !== end && (kindOf(cells.bytes, start, end) & ~fitting) !== 0) {
        throw misfit(cells, mark, type, names[column] ?? "");
      }
    }
  }

  function types(): CsvType[] {
    return chosenTypes.map((type, column) => type ?? typeOfKinds(kinds[column] ?? 0));
  }

  return { advance, types };
}

/** Longest piece of a cell that a message quotes, in characters. */
const QUOTED_LENGTH = 40;

function misfit(cells: Cells, mark: number, type: CsvType, column: string): CsvError {
  const line = lineAt(cells.bytes, cellStart(cells, mark));
  const text = cellText(cells, mark);
  const shown = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
  return new CsvError(`line ${line}, column "${column}": "${shown}" is no ${type}`, { line, column });
}
