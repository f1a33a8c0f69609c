/** The smallest float32 that has all of its bits. */
const LEAST_NORMAL = 2 ** -126;

/** The number of the fewest digits that is rounded to `value`, a float32: what a person means by it, such as 0.1. */
export function shortFloat32(value: number): number {
  if (!Number.isFinite(value) || value === 0) {
    return value;
  }
  // Six digits never say more than a float32 holds, but for those so small that they have fewer bits.
  for (let digits = Math.abs(value) < LEAST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) {
      return short;
    }
  }
  return Number(value.toPrecision(9));
}
