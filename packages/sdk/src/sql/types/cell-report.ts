import type { Notice } from "@framewright/data";

/** So much of a value a notice shows. */
const SHOWN = 40;

/**
 * What readers of cells say of values of a column that cannot be shown as they are: once for each kind of problem. The pieces of
 * a result share one, so that it counts from the result's first row.
 */
export class CellReport {
  #rowsBefore = 0;
  #unreadable = 0;
  #firstUnreadable = "";
  #rounded = 0;
  #firstRounded = 0;

  /** The piece ends, and the next row is row 0 of the next one. @param rows how many it has */
  endPiece(rows: number): void {
    this.#rowsBefore += rows;
  }

  /** A value lost digits. @param row of the piece, counted from 0 */
  rounded(row: number): void {
    if (this.#rounded++ === 0) {
      this.#firstRounded = this.#rowsBefore + row + 1;
    }
  }

  /** A value does not fit the column's type, and so its row is without one. @param row of the piece, counted from 0 */
  unreadable(row: number, value: string): void {
    if (this.#unreadable++ === 0) {
      const shown = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
      this.#firstUnreadable = `${JSON.stringify(shown)} in row ${this.#rowsBefore + row + 1}`;
    }
  }

  /** What there is to say of a column. */
  notices(column: string, type: string): Notice[] {
    const name = `column ${JSON.stringify(column)}`;
    const notices: Notice[] = [];
    if (this.#rounded > 0) {
      const text = `${name}: ${count(this.#rounded)} more digits than a float64 holds and ${plural(this.#rounded, "is", "are")} rounded, first in row ${this.#firstRounded}; cast the column to text to see all digits`;
      notices.push({ severity: "warning", text });
    }
    if (this.#unreadable > 0) {
      const text = `${name}: ${this.#unreadable} ${plural(this.#unreadable, "value does", "values do")} not fit ${type} and ${plural(this.#unreadable, "is", "are")} left empty, first ${this.#firstUnreadable}`;
      notices.push({ severity: "warning", text });
    }
    return notices;
  }
}

function count(values: number): string {
  return `${values} ${plural(values, "value has", "values have")}`;
}

function plural(number: number, one: string, many: string): string {
  return number === 1 ? one : many;
}
