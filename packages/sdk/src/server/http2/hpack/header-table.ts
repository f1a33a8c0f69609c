import type { HeaderField } from "./header-field.js";
import { staticTable } from "./static-table.js";

/** The headers that have a number: those that always have, and those that the client gave one. Source: https://www.rfc-editor.org/rfc/rfc7541#section-2.3 */
export class HeaderTable {
  /** A ring: the newest is at `newest`, the older ones before it. */
  #fields: (HeaderField | undefined)[] = new Array(64);
  #newest = 0;
  #length = 0;
  #size = 0;
  #maxSize: number;

  /** @param maxSize of what the client gave numbers to, in bytes */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** The header with a number; `undefined` where there is none. */
  get(index: number): HeaderField | undefined {
    if (index <= staticTable.length) {
      return staticTable[index - 1];
    }
    const age = index - staticTable.length - 1;
    return age < this.#length ? this.#fields[this.#place(this.#newest - age)] : undefined;
  }

  /** Gives a header the lowest number, and all others of the client's one higher. The oldest make room for it. */
  add(field: HeaderField): void {
    this.#shrink(this.#maxSize - field.size);
    if (field.size > this.#maxSize) {
      return;
    }
    if (this.#length === this.#fields.length) {
      this.#grow();
    }
    this.#newest = this.#place(this.#newest + 1);
    this.#fields[this.#newest] = field;
    this.#length++;
    this.#size += field.size;
  }

  /** Sets how large it may be, in bytes. */
  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#shrink(maxSize);
  }

  /** Drops the oldest until no more than so many bytes are left. */
  #shrink(most: number): void {
    while (this.#size > most && this.#length > 0) {
      const oldest = this.#place(this.#newest - this.#length + 1);
      this.#size -= this.#fields[oldest]?.size ?? 0;
      this.#fields[oldest] = undefined;
      this.#length--;
    }
  }

  #grow(): void {
    const ordered = Array.from(
      { length: this.#length },
      (_, place) => this.#fields[this.#place(this.#newest - this.#length + 1 + place)],
    );
    this.#fields = [...ordered, ...new Array(this.#fields.length)];
    this.#newest = this.#length - 1;
  }

  #place(place: number): number {
    const { length } = this.#fields;
    return (place + length) % length;
  }
}
