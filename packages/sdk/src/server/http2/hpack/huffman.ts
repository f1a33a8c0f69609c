/**
 * How many bits stand for each byte, and for the end of a text. The codes follow from that, since they are canonical: counted up from
 * 0 by length, then by value.
 * Source: https://www.rfc-editor.org/rfc/rfc7541#appendix-B
 */
// biome-ignore format: a table
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const END = 256;
const LONGEST = 30;

/** Of each length: the first code, where its symbols begin among all, and how many there are. */
const firstCode = new Uint32Array(LONGEST + 1);
const firstSymbol = new Uint16Array(LONGEST + 1);
const count = new Uint16Array(LONGEST + 1);
/** Symbols by the length of their code, then by value. */
const symbols = Uint16Array.from(LENGTHS.keys()).sort((a, b) => (LENGTHS[a] ?? 0) - (LENGTHS[b] ?? 0) || a - b);

const characters = Array.from({ length: END }, (_, byte) => String.fromCharCode(byte));

for (const length of LENGTHS) {
  count[length] = (count[length] ?? 0) + 1;
}
for (let length = 1; length <= LONGEST; length++) {
  const shorter = count[length - 1] ?? 0;
  firstCode[length] = ((firstCode[length - 1] ?? 0) + shorter) << 1;
  firstSymbol[length] = (firstSymbol[length - 1] ?? 0) + shorter;
}

/**
 * Reads a text that is compressed by HPACK's Huffman code, each byte as the character of that number.
 *
 * @returns undefined for what is no such text
 */
export function readHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let code = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const place = code - (firstCode[length] ?? 0);
      if (place >= 0 && place < (count[length] ?? 0)) {
        const symbol = symbols[(firstSymbol[length] ?? 0) + place] ?? END;
        if (symbol === END) {
          return undefined;
        }
        text += characters[symbol];
        code = 0;
        length = 0;
      } else if (length === LONGEST) {
        return undefined;
      }
    }
  }
  // What is left of the last byte is the beginning of the end's code, which is all ones.
  return length < 8 && code === (1 << length) - 1 ? text : undefined;
}
