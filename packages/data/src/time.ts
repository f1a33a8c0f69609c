const NS_PER_MS = 1_000_000n;

/** Whole milliseconds since 1970, rounded down, of `nanoseconds` since 1970. */
export function toMilliseconds(nanoseconds: bigint): number {
  const truncated = nanoseconds / NS_PER_MS;
  return Number(nanoseconds % NS_PER_MS < 0n ? truncated - 1n : truncated);
}

/** The moment `nanoseconds` after 1970-01-01T00:00:00Z, rounded down to the millisecond that a `Date` can hold. */
export function toDate(nanoseconds: bigint): Date {
  return new Date(toMilliseconds(nanoseconds));
}
