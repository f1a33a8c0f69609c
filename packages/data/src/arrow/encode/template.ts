/** Bytes in which some numbers are to be filled in, as 64-bit integers one behind the other. */
export interface Template {
  readonly bytes: Uint8Array;
  /** Where each group of numbers begins. */
  readonly places: readonly number[];
}

/** Most templates of a kind that are kept, and the longest key of one, in characters. */
const MOST = 128;
const MOST_CHARACTERS = 4_096;

/** Keeps something under a key; of too many, the oldest is forgotten. */
export function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (key.length > MOST_CHARACTERS) {
    return;
  }
  if (map.size >= MOST) {
    const [oldest] = map.keys();
    map.delete(oldest ?? "");
  }
  map.set(key, value);
}

/** Fills in the numbers of a template, group by group. */
export function filled({ bytes, places }: Template, numbers: readonly (readonly number[])[]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [index, place] of places.entries()) {
    let at = place;
    for (const number of numbers[index] ?? []) {
      view.setInt32(at, number | 0, true);
      view.setInt32(at + 4, Math.floor(number / 2 ** 32), true);
      at += 8;
    }
  }
  return bytes;
}
