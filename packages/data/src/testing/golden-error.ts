/** A golden text that cannot be read: in which line, and why. */
export class GoldenError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "GoldenError";
  /** The line, counted from 1. */
  readonly line: number;

  /** The message is `line <line>: <problem>`. */
  constructor(problem: string, line: number, options?: ErrorOptions) {
    super(`line ${line}: ${problem}`, options);
    this.line = line;
  }
}
