/** Thrown when a test asks an answer for what is not in it. */
export class TestQueryError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "TestQueryError";
}
