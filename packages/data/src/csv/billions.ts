const HALF = 0x1_0000_0000;

/**
 * Writes `billions * 10^9 + rest` to element `index` of 64-bit integers given as 32-bit halves, without making a BigInt.
 *
 * `billions` is a whole number and `rest` one in 0..999,999,999; the sum must fit 64 bits. Every step is exact, since
 * none goes beyond 2^53.
 */
export function writeBillions(halves: Int32Array, index: number, billions: number, rest: number): void {
  const upper = Math.floor(billions / 0x1_0000);
  const lower = billions - upper * 0x1_0000;
  // The value is product * 2^16 + tail.
  const product = upper * 1e9;
  const tail = lower * 1e9 + rest;
  const productHigh = Math.floor(product / 0x1_0000);
  const low = (product - productHigh * 0x1_0000) * 0x1_0000 + tail;
  const carry = Math.floor(low / HALF);
  halves[index * 2] = low - carry * HALF;
  halves[index * 2 + 1] = productHigh + carry;
}
