import { ConnectionError, errorCode } from "../error-code.js";
import { type HeaderField, headerField } from "./header-field.js";
import { HeaderTable } from "./header-table.js";
import { readHuffman } from "./huffman.js";

/** How large the table of a client's headers may be, in bytes: what applies where no other is agreed on. */
const TABLE_BYTES = 4_096;

/** No number in a block is larger: that is more than any length, index or size that could be meant. */
const MAX_NUMBER = 2 ** 28;

/** Reads the headers of a connection's requests. Source: https://www.rfc-editor.org/rfc/rfc7541 */
export class HeaderDecoder {
  readonly #table = new HeaderTable(TABLE_BYTES);
  readonly #maxBytes: number;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /** @param maxBytes of all headers of a block together, as HPACK counts them */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Reads a block. All of a connection are to be read, in their order.
   *
   * @returns undefined where its headers are too large; later blocks can be read nevertheless
   * @throws ConnectionError: later ones cannot be read any more
   */
  decode(block: Buffer, start: number, end: number): HeaderField[] | undefined {
    this.#block = block;
    this.#at = start;
    this.#end = end;
    const fields: HeaderField[] = [];
    let bytes = 0;
    while (this.#at < end) {
      const field = this.#next(bytes === 0);
      bytes += field?.size ?? 0;
      if (field !== undefined && bytes <= this.#maxBytes) {
        fields.push(field);
      }
    }
    return bytes <= this.#maxBytes ? fields : undefined;
  }

  /** @returns undefined for what only changes the table */
  #next(isFirst: boolean): HeaderField | undefined {
    const byte = this.#block[this.#at] ?? 0;
    if (byte >= 0x80) {
      return this.#indexed(this.#number(7));
    }
    if (byte >= 0x40) {
      const field = this.#literal(6);
      this.#table.add(field);
      return field;
    }
    if (byte >= 0x20) {
      const size = this.#number(5);
      if (!isFirst || size > TABLE_BYTES) {
        throw broken("its table is resized where it must not be");
      }
      this.#table.resize(size);
      return undefined;
    }
    return this.#literal(4);
  }

  #indexed(index: number): HeaderField {
    const field = this.#table.get(index);
    if (field === undefined) {
      throw broken(`nothing has the number ${index}`);
    }
    return field;
  }

  /** @param bits how many the number of the name has */
  #literal(bits: number): HeaderField {
    const index = this.#number(bits);
    const name = index === 0 ? this.#text() : this.#indexed(index).name;
    return headerField(name, this.#text());
  }

  #text(): string {
    const isCompressed = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#number(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#end) {
      throw broken(`a text of ${length} bytes, which are not there`);
    }
    this.#at = end;
    const text = isCompressed ? readHuffman(this.#block, start, end) : this.#block.toString("latin1", start, end);
    if (text === undefined) {
      throw broken("a text is not compressed as HPACK does");
    }
    return text;
  }

  /** A number that begins in the last bits of a byte, and goes on in the next ones where it does not fit. */
  #number(bits: number): number {
    const mask = (1 << bits) - 1;
    if (this.#at >= this.#end) {
      throw broken("it ends within a header");
    }
    let value = (this.#block[this.#at++] ?? 0) & mask;
    if (value < mask) {
      return value;
    }
    for (let factor = 1; ; factor *= 128) {
      if (this.#at >= this.#end) {
        throw broken("it ends within a number");
      }
      const byte = this.#block[this.#at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (value > MAX_NUMBER || factor > MAX_NUMBER) {
        throw broken("a number is too large");
      }
      if (byte < 0x80) {
        return value;
      }
    }
  }
}

function broken(how: string): ConnectionError {
  return new ConnectionError(errorCode.COMPRESSION_ERROR, `a block of headers is broken: ${how}`);
}
