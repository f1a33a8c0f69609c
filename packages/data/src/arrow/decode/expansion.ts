import { damaged } from "./damaged.js";

/**
 * What dictionaries and views of one file may still be turned into. They let a file name one text many times; without a
 * bound over the whole file, one of a few kilobytes could ask for gigabytes.
 */
export interface Expansion {
  readonly most: number;
  left: number;
}

/** Bytes of text for each byte of a file: a row takes one at least, and its text is rarely longer than this. */
const MOST_PER_BYTE = 128;

/** What even the smallest file may become: no machine that runs a plugin minds. */
const LEAST = 64 * 1024 * 1024;

/** The bound for a file of so many bytes. */
export function expansionOf(fileBytes: number): Expansion {
  const most = Math.max(LEAST, fileBytes * MOST_PER_BYTE);
  return { most, left: most };
}

/**
 * Counts texts that are about to be written out, each for itself, and throws where the file does not justify them.
 * @param bytes that the texts take
 */
export function spendExpansion(expansion: Expansion, bytes: number, name: string): void {
  expansion.left -= bytes;
  if (expansion.left < 0) {
    throw damaged(
      name,
      `names the same texts so often that the file would become more than ${expansion.most} bytes of text, far more than its size justifies`,
    );
  }
}
