/** Bytes that are no Arrow file, are damaged, or hold what a frame cannot. */
export class ArrowError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "ArrowError";
}
