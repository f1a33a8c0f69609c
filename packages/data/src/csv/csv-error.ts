/** A fault in the content of a CSV file: what is wrong and where. */
export class CsvError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "CsvError";

  /**
   * The physical line of the fault, counted from 1; a record that spans several lines is named by the line it
   * begins on. Absent where no line is to blame, as with a file that is too large.
   */
  readonly line: number | undefined;

  /** The name of the column the fault is in, where it is in one. */
  readonly column: string | undefined;

  constructor(message: string, where: { readonly line?: number; readonly column?: string } = {}) {
    super(message);
    this.line = where.line;
    this.column = where.column;
  }
}
