const EMPTY = Buffer.alloc(0);

/** A letter and the length of what follows. */
const HEADER = 5;

/** Finds the messages in what a server sends, without copying those that came in one piece. */
export class MessageReader {
  /** Holds the message found last. It is overwritten by what is pushed next. */
  bytes: Buffer = EMPTY;
  /** The letter of the message found last. */
  letter = 0;
  /** Where its content begins and ends. */
  start = 0;
  end = 0;
  /** Where the next message begins, and where what was pushed ends: behind it may be room for the rest of a message. */
  #next = 0;
  #filled = 0;

  /** Adds bytes. What was found before is over. */
  push(chunk: Buffer): void {
    const rest = this.#filled - this.#next;
    if (rest === 0) {
      this.bytes = chunk;
      this.#next = 0;
      this.#filled = chunk.length;
      return;
    }
    if (this.bytes.length - this.#filled < chunk.length) {
      // Room for a message of many pieces is made once.
      const wanted = rest < HEADER ? 0 : this.bytes.readUInt32BE(this.#next + 1) + 1;
      const larger = Buffer.allocUnsafe(Math.max(wanted, rest + chunk.length));
      this.bytes.copy(larger, 0, this.#next, this.#filled);
      this.bytes = larger;
      this.#next = 0;
      this.#filled = rest;
    }
    chunk.copy(this.bytes, this.#filled);
    this.#filled += chunk.length;
  }

  /** Goes to the next message. False where it is not complete yet. */
  next(): boolean {
    if (this.#filled - this.#next < HEADER) {
      return false;
    }
    const end = this.#next + 1 + this.bytes.readUInt32BE(this.#next + 1);
    if (end > this.#filled) {
      return false;
    }
    this.letter = this.bytes[this.#next] ?? 0;
    this.start = this.#next + HEADER;
    this.end = end;
    this.#next = end;
    return true;
  }
}
