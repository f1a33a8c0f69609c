/** Bytes that arrive in pieces, kept in one array. */
export interface SourceBuffer {
  /** The bytes so far, at the start of an array that may be longer. */
  readonly bytes: Uint8Array;
  /** Number of bytes so far. */
  readonly length: number;
  /** Copies a piece behind the others. */
  append(chunk: Uint8Array): void;
  /** Takes an array as it is for the whole of the bytes. */
  adopt(whole: Uint8Array): void;
}

/** An empty buffer. */
export function createSourceBuffer(): SourceBuffer {
  let bytes: Uint8Array = new Uint8Array(0);
  let length = 0;
  return {
    get bytes() {
      return bytes;
    },
    get length() {
      return length;
    },
    append(chunk) {
      if (length + chunk.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + chunk.length));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(chunk, length);
      length += chunk.length;
    },
    adopt(whole) {
      bytes = whole;
      length = whole.length;
    },
  };
}
