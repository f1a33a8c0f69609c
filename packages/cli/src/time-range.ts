import { usageFailure } from "./failure.js";

type Unit = "s" | "m" | "h" | "d" | "w" | "M" | "Q" | "y";

const fixedMs: Readonly<Partial<Record<Unit, number>>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Which end of a range a time is: what is rounded to a unit goes to the unit's first or last millisecond. */
export type RangeEnd = "from" | "to";

/**
 * Reads one end of a time range as Grafana's time picker takes it: ISO 8601, ms since 1970, or relative (`now-6h`, `now-1d/d`,
 * `now/w`), with units s, m, h, d, w, M (month), Q (quarter) and y. All in UTC; a week begins on Monday.
 *
 * Source: https://grafana.com/docs/grafana/latest/dashboards/use-dashboards/#set-dashboard-time-range
 *
 * @param option the option's name, for messages.
 * @throws Failure (usage) saying what is possible.
 */
export function parseTime(text: string, end: RangeEnd, now: Date, option: string): Date {
  if (text.startsWith("now")) {
    const time = relativeTime(text.slice("now".length), end, now);
    if (time !== undefined && !Number.isNaN(time.getTime())) return time;
  } else if (/^-?\d{5,15}$/.test(text)) {
    return new Date(Number(text));
  } else if (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) {
    // Without a zone JavaScript would take the machine's.
    const time = new Date(/T[^Z+-]*$/.test(text) ? `${text}Z` : text);
    if (!Number.isNaN(time.getTime())) return time;
  }
  throw usageFailure(
    `${option} ${JSON.stringify(text)} is not a time: use ISO 8601 (2026-11-24T06:00:00Z), milliseconds since 1970, ` +
      "or a relative time (now-6h, now-1d/d)",
  );
}

/**
 * Both ends of a range, read at the same moment.
 *
 * @throws Failure (usage) where one is not a time or the range is empty.
 */
export function parseTimeRange(from: string, to: string, now: Date = new Date()): { from: Date; to: Date } {
  const range = { from: parseTime(from, "from", now, "--from"), to: parseTime(to, "to", now, "--to") };
  if (range.from.getTime() >= range.to.getTime()) {
    throw usageFailure(
      `the time range is empty: --from is ${range.from.toISOString()} and --to is ${range.to.toISOString()}`,
    );
  }
  return range;
}

/**
 * Reads a duration such as `500ms`, `30s`, `5m`, `1h`, `1d`, `1w`, or a number of ms.
 *
 * @returns ms, above 0.
 * @throws Failure (usage)
 */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d{1,12})(ms|[smhdw])?$/.exec(text);
  const unit = match?.[2] ?? "ms";
  const ms = Number(match?.[1]) * (unit === "ms" ? 1 : ((isUnit(unit) ? fixedMs[unit] : undefined) ?? Number.NaN));
  if (!(ms > 0))
    throw usageFailure(`${option} ${JSON.stringify(text)} is not a duration such as 500ms, 30s, 5m, 1h or 1d`);
  return ms;
}

/** Applies `-6h`, `+1d` and `/d`, one after the other. Undefined where the text is something else. */
function relativeTime(text: string, end: RangeEnd, now: Date): Date | undefined {
  const part = /([+-])(\d{0,6})([a-zA-Z])|\/([a-zA-Z])/y;
  let time = now;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    const [, sign, count, unit, roundTo] = match;
    if (roundTo !== undefined) {
      if (!isUnit(roundTo)) return undefined;
      const start = startOf(time, roundTo);
      time = end === "from" ? start : new Date(shift(start, 1, roundTo).getTime() - 1);
    } else {
      if (unit === undefined || !isUnit(unit)) return undefined;
      const amount = count === undefined || count === "" ? 1 : Number(count);
      time = shift(time, sign === "-" ? -amount : amount, unit);
    }
  }
  return time;
}

function isUnit(text: string): text is Unit {
  return text.length === 1 && "smhdwMQy".includes(text);
}

function shift(time: Date, amount: number, unit: Unit): Date {
  const ms = fixedMs[unit];
  if (ms !== undefined) return new Date(time.getTime() + amount * ms);
  const months = amount * (unit === "y" ? 12 : unit === "Q" ? 3 : 1);
  const shifted = new Date(time);
  shifted.setUTCDate(1);
  shifted.setUTCMonth(shifted.getUTCMonth() + months);
  // 31 January plus a month is the last day of February.
  const lastDay = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate();
  shifted.setUTCDate(Math.min(time.getUTCDate(), lastDay));
  return shifted;
}

function startOf(time: Date, unit: Unit): Date {
  const year = time.getUTCFullYear();
  const month = time.getUTCMonth();
  if (unit === "y") return new Date(Date.UTC(year, 0));
  if (unit === "Q") return new Date(Date.UTC(year, month - (month % 3)));
  if (unit === "M") return new Date(Date.UTC(year, month));
  const sinceMonday = (time.getUTCDay() + 6) % 7;
  if (unit === "w") return new Date(Date.UTC(year, month, time.getUTCDate() - sinceMonday));
  const ms = fixedMs[unit] ?? 1;
  return new Date(Math.floor(time.getTime() / ms) * ms);
}
