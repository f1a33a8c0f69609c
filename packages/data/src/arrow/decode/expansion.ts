import { damaged } from "./batch-reader.js";

/**
 * How many bytes a field may take for each byte that the file spends on it. Dictionaries and views let a file name one
 * text many times; without a bound, a file of a few kilobytes could ask for gigabytes.
 */
const MOST_PER_BYTE = 1_024;

/**
 * Throws where texts that a file names again and again would take far more memory than the file justifies.
 * @param wanted bytes that the texts take when each stands for itself
 * @param given bytes that the file spends on them
 */
export function checkExpansion(wanted: number, given: number, name: string): void {
  if (wanted > given * MOST_PER_BYTE) {
    throw damaged(
      name,
      `names the same texts so often that ${given} bytes would become ${wanted}; ${MOST_PER_BYTE} times as many can be read`,
    );
  }
}
