const EMPTY = Buffer.alloc(0);

/** Bytes that came from a server and are not all read yet. What came in one piece is not copied. */
export class ReadBuffer {
  /** Holds what is not read yet, from `at` to `filled`. Behind it may be room for more. */
  bytes: Buffer = EMPTY;
  at = 0;
  filled = 0;

  /** Adds bytes. Places within the buffer that were noted before are no longer right. */
  push(chunk: Buffer): void {
    const rest = this.filled - this.at;
    if (rest === 0) {
      this.bytes = chunk;
      this.at = 0;
      this.filled = chunk.length;
      return;
    }
    if (this.bytes.length - this.filled < chunk.length) {
      // Twice the room, so that what comes in many pieces is not copied for each.
      const larger = Buffer.allocUnsafe(Math.max(rest + chunk.length, 2 * rest));
      this.bytes.copy(larger, 0, this.at, this.filled);
      this.bytes = larger;
      this.at = 0;
      this.filled = rest;
    }
    chunk.copy(this.bytes, this.filled);
    this.filled += chunk.length;
  }
}
