const NS_PER_SECOND = 1_000_000_000n;

/**
 * Seconds as Go's `%v` writes a float64: the fewest digits that give the number back, with an exponent from a million on
 * and below 0.0001.
 */
export function goSeconds(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds / NS_PER_SECOND) + Number(nanoseconds % NS_PER_SECOND) / 1e9;
  const [digits = "", exponent = "0"] = seconds.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) {
    return String(seconds);
  }
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/**
 * Seconds without an exponent, exact to the nanosecond.
 * @param decimals places behind the point at least; more where the fraction needs them
 */
export function exactSeconds(nanoseconds: bigint, decimals = 0): string {
  const fraction = String(nanoseconds % NS_PER_SECOND).padStart(9, "0");
  const needed = fraction.replace(/0+$/, "").length;
  const shown = fraction.slice(0, Math.max(needed, decimals));
  const whole = String(nanoseconds / NS_PER_SECOND);
  return shown === "" ? whole : `${whole}.${shown}`;
}
