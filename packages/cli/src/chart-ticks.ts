import { timeSteps } from "./time-steps.js";

/** The marks of a number axis. */
export interface NumberTicks {
  /** Ascending; the first and the last enclose the values. */
  readonly values: readonly number[];
  /** One a value, as long as it must be. */
  readonly labels: readonly string[];
}

/**
 * Marks at multiples of 1, 2 or 5 times a power of ten that enclose `min` to `max`.
 *
 * @param about how many there should be.
 */
export function numberTicks(min: number, max: number, about: number): NumberTicks {
  const flat = max - min <= Math.max(Math.abs(min), Math.abs(max)) * 1e-12;
  const pad = flat ? Math.abs(max) / 10 || 1 : 0;
  const rough = (max - min + 2 * pad) / Math.max(1, about - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.floor((min - pad) / step + 1e-9);
  const last = Math.ceil((max + pad) / step - 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { values, labels: numberLabels(values, step) };
}

function numberLabels(values: readonly number[], step: number): string[] {
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1e9 || step < 1e-6) {
    const digits = Math.max(0, Math.ceil(Math.log10(largest / step)));
    return values.map((value) => value.toExponential(Math.min(digits, 12)));
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return values.map((value) => format.format(value === 0 ? 0 : value));
}

/** A mark of a time axis. */
export interface TimeTick {
  /** ms since 1970 */
  readonly time: number;
  /** In UTC, as exact as the distance of the marks. */
  readonly label: string;
}

const day = 86_400_000;
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000];

/** Marks at round times between `from` and `to` (ms since 1970), so many that their labels fit beside each other in `width` columns. */
export function timeTicks(from: number, to: number, width: number): TimeTick[] {
  const sameDay = Math.floor(from / day) === Math.floor(to / day);
  for (const step of timeSteps) {
    const length = step < day ? (sameDay ? 0 : 6) + (step < 1000 ? 12 : step < 60_000 ? 8 : 5) : 10;
    if (!fits((to - from) / step, length, width)) continue;
    // 1970-01-01 was a Thursday; weeks begin on Monday.
    const offset = step === 7 * day ? 4 * day : 0;
    const ticks: TimeTick[] = [];
    for (let time = Math.ceil((from - offset) / step) * step + offset; time <= to; time += step) {
      const iso = new Date(time).toISOString();
      const start = step >= day ? 0 : sameDay ? 11 : 5;
      ticks.push({ time, label: iso.slice(start, step >= day ? 10 : start + length).replace("T", " ") });
    }
    return ticks;
  }
  return monthTicks(from, to, width);
}

function monthTicks(from: number, to: number, width: number): TimeTick[] {
  const monthOf = (time: number): number => {
    const date = new Date(time);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const months = (to - from) / (30.4 * day);
  const step = monthSteps.find((each) => fits(months / each, each < 12 ? 7 : 4, width)) ?? 12_000;
  const ticks: TimeTick[] = [];
  for (let month = Math.ceil(monthOf(from) / step) * step; month <= monthOf(to); month += step) {
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    const time = date.getTime();
    const year = String(date.getUTCFullYear()).padStart(4, "0");
    const label = step < 12 ? `${year}-${String(date.getUTCMonth() + 1).padStart(2, "0")}` : year;
    if (time >= from && time <= to) ticks.push({ time, label });
  }
  return ticks;
}

/** Whether `count` labels of `length` columns stand apart in `width`. */
function fits(count: number, length: number, width: number): boolean {
  return (count + 1) * (length + 3) <= width;
}
