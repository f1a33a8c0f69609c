const EMPTY = Buffer.alloc(0);

/**
 * Bytes that came from a server and are not all read yet. They stay in the pieces in which they came: only what lies across
 * two of them is put together.
 */
export class ReadBuffer {
  /** Holds what is to be read next, from `at` to `filled`. */
  bytes: Buffer = EMPTY;
  at = 0;
  filled = 0;
  /** What came after it. */
  #waiting: Buffer = EMPTY;

  /** Adds bytes. */
  push(chunk: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
  }

  /** Whether there are so many bytes from `at` on; if so, they lie in `bytes`. Places noted before may no longer be right. */
  has(count: number): boolean {
    if (this.filled - this.at >= count) {
      return true;
    }
    const rest = this.filled - this.at;
    const waiting = this.#waiting;
    if (waiting.length === 0) {
      return false;
    }
    if (rest === 0) {
      this.bytes = waiting;
      this.at = 0;
      this.filled = waiting.length;
      this.#waiting = EMPTY;
      return this.filled >= count;
    }
    const missing = Math.min(count - rest, waiting.length);
    if (this.bytes.length - this.filled < missing) {
      // Room for all that is wanted, unless it is far more than there is: it may come in many pieces.
      const room = Buffer.allocUnsafe(Math.max(rest + missing, Math.min(count, 2 * (rest + missing))));
      this.bytes.copy(room, 0, this.at, this.filled);
      this.bytes = room;
      this.at = 0;
      this.filled = rest;
    }
    waiting.copy(this.bytes, this.filled, 0, missing);
    this.filled += missing;
    this.#waiting = waiting.subarray(missing);
    return this.filled - this.at >= count;
  }
}
