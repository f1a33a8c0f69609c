/** Thrown when a test asks an answer for what is not in it. */
export class TestQueryError extends Error {
  override readonly name = "TestQueryError";
}
