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
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;

  /** How many bytes are not read yet. */
  get unread(): number {
    return this.filled - this.at + this.#waitingBytes;
  }

  /** Adds bytes. */
  push(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  /** Whether there are so many bytes from `at` on; if so, they lie in `bytes`. Places noted before may no longer be right. */
  has(count: number): boolean {
    while (this.filled - this.at < count) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        return false;
      }
      this.#waitingBytes -= next.length;
      if (this.filled === this.at) {
        this.bytes = next;
        this.at = 0;
        this.filled = next.length;
      } else {
        this.#append(next, count);
      }
    }
    return true;
  }

  /** Puts the beginning of a piece behind what is there; the rest of it goes on waiting. */
  #append(next: Buffer, count: number): void {
    const rest = this.filled - this.at;
    const missing = Math.min(count - rest, next.length);
    if (this.bytes.length - this.filled < missing) {
      // Room for all that is wanted, unless it is far more than there is: it may come in many pieces.
      const room = Buffer.allocUnsafe(Math.max(rest + missing, Math.min(count, 2 * (rest + missing))));
      this.bytes.copy(room, 0, this.at, this.filled);
      this.bytes = room;
      this.at = 0;
      this.filled = rest;
    }
    next.copy(this.bytes, this.filled, 0, missing);
    this.filled += missing;
    if (missing < next.length) {
      this.#waiting.unshift(next.subarray(missing));
      this.#waitingBytes += next.length - missing;
    }
  }
}
