/** How much a client may send ahead, of a stream or of all together. What came is taken at once, and told in one go now and then. */
export class ReceiveWindow {
  readonly #size: number;
  /** Came since the client was told that it may send more, in bytes. */
  #received = 0;

  /** @param size in bytes */
  constructor(size: number) {
    this.#size = size;
  }

  /** Notes that so many bytes came. @returns whether the client was allowed to send them */
  take(bytes: number): boolean {
    this.#received += bytes;
    return this.#received <= this.#size;
  }

  /** By how much the client is to be told that it may send more, in bytes; 0 while it has enough left. */
  takeUpdate(): number {
    if (this.#received <= this.#size / 2) {
      return 0;
    }
    const more = this.#received;
    this.#received = 0;
    return more;
  }
}
