/**
 * A moment as Go's `RFC3339Nano` writes it: in UTC, without zeros at the end of the fraction, and without a fraction where
 * it is zero. Engines read years beyond 9999 without a sign.
 */
export function rfc3339(moment: Date): string {
  const text = wholeSeconds(moment);
  const fraction = String(moment.getUTCMilliseconds()).padStart(3, "0").replace(/0+$/, "");
  return fraction === "" ? `${text}Z` : `${text}.${fraction}Z`;
}

/** A moment as Go's `RFC3339` writes it: in UTC, without a fraction of a second. */
export function rfc3339Seconds(moment: Date): string {
  return `${wholeSeconds(moment)}Z`;
}

/** Seconds since 1970, rounded down. */
export function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1_000);
}

/** Nanoseconds since 1970. */
export function unixNanoseconds(moment: Date): bigint {
  return BigInt(moment.getTime()) * 1_000_000n;
}

function wholeSeconds(moment: Date): string {
  const year = moment.getUTCFullYear();
  const digits = String(Math.abs(year)).padStart(4, "0");
  // Past the year come "-MM-DDTHH:mm:ss.sssZ", 20 characters.
  return `${year < 0 ? "-" : ""}${digits}${moment.toISOString().slice(-20, -5)}`;
}
