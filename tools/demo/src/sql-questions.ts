import type { Cell, ExpectedRows } from "./check-rows.js";
import { type CsvRow, readCsv } from "./read-csv.js";
import { readEarthquakes } from "./read-earthquakes.js";

/** A query as people write it in Grafana, and what its answer has to be. */
export interface SqlQuestion {
  readonly about: string;
  readonly rawSql: string;
  readonly format: "table" | "time_series";
  readonly timeRange: { readonly from: Date; readonly to: Date };
  /** What `$__interval` is, in ms: Grafana finds it by the width of the panel. */
  readonly intervalMs?: number;
  /** Works the answer out of the data's file, without a database. */
  readonly expected: () => Promise<ExpectedRows>;
}

const DAY = 86_400_000;

/** What the SQL plugin is asked. */
export const sqlQuestions: readonly SqlQuestion[] = [
  {
    about: "a table: the strongest earthquakes of a week",
    rawSql: `SELECT time, magnitude, place FROM earthquakes
WHERE $__timeFilter(time) AND magnitude >= 5.7 ORDER BY magnitude DESC, time`,
    format: "table",
    timeRange: { from: new Date("2018-01-31T00:00:00Z"), to: new Date("2018-02-07T00:00:00Z") },
    async expected() {
      const quakes = (await readEarthquakes())
        .filter(({ time, mag }) => mag >= 5.7 && isWithin(time, this.timeRange))
        .sort((a, b) => b.mag - a.mag || a.time - b.time);
      return {
        columns: ["time", "magnitude", "place"],
        rows: quakes.map(({ time, mag, place }) => [new Date(time), mag, place]),
      };
    },
  },
  {
    about: "time series, one a city: the highest temperature of each four weeks",
    rawSql: `SELECT $__timeGroupAlias(date, '4w'), location AS metric, max(temp_max)
FROM weather WHERE $__timeFilter(date) GROUP BY 1, 2 ORDER BY 1`,
    format: "time_series",
    timeRange: { from: new Date("2012-01-01T00:00:00Z"), to: new Date("2015-12-31T00:00:00Z") },
    async expected() {
      const cities = ["New York", "Seattle"];
      const days = (await readCsv("weather.csv")).filter((day) => isWithin(Date.parse(day("date")), this.timeRange));
      const weeks = groupBy(days, (day) => roundDown(Date.parse(day("date")), 28 * DAY));
      const highest = (week: readonly CsvRow[], city: string): number =>
        Math.max(...week.filter((day) => day("location") === city).map((day) => Number(day("temp_max"))));
      const times = [...weeks].sort(([a], [b]) => a - b);
      return {
        columns: ["Time", ...cities],
        rows: times.map(([time, week]) => [new Date(time), ...cities.map((city) => highest(week, city))]),
      };
    },
  },
  {
    about: "a time series with its gaps filled: earthquakes from magnitude 5 in each six hours",
    rawSql: `SELECT $__timeGroupAlias(time, $__interval, 0), count(*) AS earthquakes
FROM earthquakes WHERE $__timeFilter(time) AND magnitude >= 5 GROUP BY 1 ORDER BY 1`,
    format: "time_series",
    timeRange: { from: new Date("2018-01-31T00:00:00Z"), to: new Date("2018-02-07T00:00:00Z") },
    intervalMs: DAY / 4,
    async expected() {
      const { from, to } = this.timeRange;
      const strong = (await readEarthquakes()).filter(({ time, mag }) => mag >= 5 && isWithin(time, this.timeRange));
      const rows: Cell[][] = [];
      for (let time = from.getTime(); time <= to.getTime(); time += DAY / 4) {
        rows.push([new Date(time), strong.filter((quake) => roundDown(quake.time, DAY / 4) === time).length]);
      }
      return { columns: ["Time", "earthquakes"], rows };
    },
  },
  {
    about: "an aggregation: bird strikes by what the aircraft was doing",
    rawSql: `SELECT phase, count(*) AS strikes, count(*) FILTER (WHERE damage <> 'None') AS damaging,
  percentile_disc(0.5) WITHIN GROUP (ORDER BY speed) AS median_speed, sum(cost) AS cost
FROM bird_strikes WHERE $__timeFilter(date) GROUP BY phase ORDER BY strikes DESC, phase LIMIT 6`,
    format: "table",
    timeRange: { from: new Date("1995-01-01T00:00:00Z"), to: new Date("1999-12-31T00:00:00Z") },
    async expected() {
      const all = await readCsv("birdstrikes.csv");
      const strikes = all.filter((strike) => isWithin(Date.parse(strike("Flight Date")), this.timeRange));
      const phases = [...groupBy(strikes, (strike) => strike("Phase of flight"))].map(([phase, of]) => ({
        phase,
        strikes: of.length,
        damaging: of.filter((strike) => strike("Effect Amount of damage") !== "None").length,
        speeds: of.map((strike) => strike("Speed IAS in knots")).filter((speed) => speed !== ""),
        cost: of.reduce((sum, strike) => sum + BigInt(strike("Cost Total $")), 0n),
      }));
      phases.sort((a, b) => b.strikes - a.strikes || (a.phase < b.phase ? -1 : 1));
      return {
        columns: ["phase", "strikes", "damaging", "median_speed", "cost"],
        rows: phases
          .slice(0, 6)
          .map(({ phase, strikes, damaging, speeds, cost }) => [
            phase,
            BigInt(strikes),
            BigInt(damaging),
            lowerMedian(speeds.map(Number)),
            cost,
          ]),
      };
    },
  },
];

function isWithin(time: number, { from, to }: SqlQuestion["timeRange"]): boolean {
  return time >= from.getTime() && time <= to.getTime();
}

/** The multiple of `step` that is not after the time; both in ms. */
function roundDown(time: number, step: number): number {
  return Math.floor(time / step) * step;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [item]);
    } else {
      group.push(item);
    }
  }
  return groups;
}

/** The number that half of all numbers do not exceed; of two in the middle, the lower. */
function lowerMedian(numbers: readonly number[]): number | null {
  return [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1] ?? null;
}
