/** Bytes that are no Arrow file, are damaged, or hold what a frame cannot. */
export class ArrowError extends Error {
  override readonly name = "ArrowError";
}
