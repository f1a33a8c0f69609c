import { ArrowError } from "../arrow-error.js";

/** The error for a field whose bytes are not as they should be; it names the field, and the row where it is known. */
export function damaged(name: string, problem: string, row?: number): ArrowError {
  const where = row === undefined ? "" : `, row ${row}`;
  return new ArrowError(`field ${JSON.stringify(name)}${where}: ${problem}`);
}
