/** Nanoseconds of each unit that Go's `time.ParseDuration` knows. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** What fits Go's `time.Duration`. */
const MAX = 2n ** 63n - 1n;

/**
 * Nanoseconds of a duration as Go writes them, such as `1h30m`, `1.5s` or `300ms`; `undefined` for what is none. What is
 * below a nanosecond is dropped.
 * Source: Go's `time.ParseDuration`.
 */
export function parseDuration(text: string): bigint | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const rest = text.slice(sign.length);
  if (rest === "0") {
    return 0n;
  }
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) {
    return undefined;
  }
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of rest.matchAll(/(\d*)(?:\.(\d*))?(\D+)/g)) {
    const size = units[unit] ?? 0n;
    total += BigInt(whole) * size + (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return total > MAX ? undefined : sign === "-" ? -total : total;
}
