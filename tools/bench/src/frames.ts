import {
  decodeArrow,
  decodeJson,
  encodeArrow,
  encodeJson,
  type Frame,
  frame,
  frameFromRows,
  numbers,
  strings,
  times,
  valuesOf,
} from "@framewright/data";
import * as apache from "apache-arrow";
import { benchGoFrames } from "./go-frames.js";
import { makeReadings, type Readings } from "./readings.js";
import type { Measurement, Report } from "./report.js";
import { medianTimes } from "./statistics.js";

const ROWS = 1_000_000;
const RUNS = 9;
const rowsText = ROWS.toLocaleString("en");

/**
 * Frames of time, float64 and one of 50 texts: to Arrow and back, to JSON and back, beside apache-arrow, `JSON`, a plain copy
 * of the bytes and the official Go SDK.
 */
export async function frames(): Promise<readonly Report[]> {
  const go = await benchGoFrames(ROWS, RUNS);
  if (go === undefined) {
    console.error(
      "frames: without the Go SDK, since tools/go was not built; `npm test -- --only go` says what is missing\n",
    );
  }
  const readings = makeReadings(ROWS);
  const made = frame("bench", {
    time: times(readings.times),
    value: numbers(readings.values),
    city: strings(readings.cities),
  });
  return [
    fromColumns(made, readings, goLine("Go SDK, from typed slices", go?.columnsMs)),
    fromObjects(readings, goLine("Go SDK, from a slice of structs", go?.structsMs)),
    fromArrow(made),
    toJson(made, readings),
    fromJson(made),
  ];
}

function goLine(what: string, value: number | undefined): readonly Measurement[] {
  return value === undefined ? [] : [{ what, value }];
}

function fromColumns(made: Frame, readings: Readings, go: readonly Measurement[]): Report {
  const bytes = encodeArrow(made);
  const time = apache.makeVector(apache.makeData({ type: new apache.TimestampNanosecond(), data: readings.times }));
  const value = apache.makeVector(readings.values);
  const city = apache.vectorFromArray(readings.cities, new apache.Utf8());
  const table = new apache.Table({ time, value, city });
  const { ours, copy, theirs } = medianTimes(RUNS, {
    ours: () => encodeArrow(made),
    copy: () => bytes.slice(),
    theirs: () => apache.tableToIPC(table, "file"),
  });
  return {
    title: `${rowsText} rows in columns to Arrow, ${(bytes.length / 1e6).toFixed(1)} MB`,
    unit: "ms",
    better: "lower",
    ours: { what: "encodeArrow", value: ours },
    others: [
      { what: "plain copy of the bytes", value: copy },
      { what: "apache-arrow, tableToIPC", value: theirs },
      ...go,
    ],
  };
}

function fromObjects({ objects }: Readings, go: readonly Measurement[]): Report {
  const fields = { time: { type: "time" }, value: { type: "float64" }, city: { type: "string" } } as const;
  const { ours, described, theirs } = medianTimes(RUNS, {
    ours: () => encodeArrow(frameFromRows("bench", objects)),
    described: () => encodeArrow(frameFromRows("bench", objects, { fields })),
    theirs: () => apache.tableToIPC(apache.tableFromJSON(objects), "file"),
  });
  return {
    title: `${rowsText} objects to Arrow`,
    unit: "ms",
    better: "lower",
    ours: { what: "frameFromRows + encodeArrow", value: ours },
    others: [
      { what: "the same with the types given", value: described },
      { what: "apache-arrow, tableFromJSON + tableToIPC", value: theirs },
      ...go,
    ],
  };
}

function fromArrow(made: Frame): Report {
  const bytes = encodeArrow(made);
  const { ours, theirs } = medianTimes(RUNS, {
    ours: () => {
      for (const field of decodeArrow(bytes).fields) {
        drain(valuesOf(field));
      }
    },
    theirs: () => {
      const table = apache.tableFromIPC(bytes);
      for (let column = 0; column < table.numCols; column++) {
        drain(table.getChildAt(column) ?? []);
      }
    },
  });
  return {
    title: `Arrow to ${rowsText} rows, each value read`,
    unit: "ms",
    better: "lower",
    ours: { what: "decodeArrow + valuesOf", value: ours },
    others: [{ what: "apache-arrow, tableFromIPC + its iterators", value: theirs }],
  };
}

function toJson(made: Frame, { objects, values, cities }: Readings): Report {
  const plain = { data: { values: [objects.map(({ time }) => time.getTime()), [...values], cities] } };
  const { ours, theirs } = medianTimes(RUNS, { ours: () => encodeJson(made), theirs: () => JSON.stringify(plain) });
  return {
    title: `${rowsText} rows to Grafana's JSON`,
    unit: "ms",
    better: "lower",
    ours: { what: "encodeJson", value: ours },
    others: [{ what: "JSON.stringify of the same in arrays", value: theirs }],
  };
}

function fromJson(made: Frame): Report {
  const json = encodeJson(made);
  const { ours, theirs } = medianTimes(RUNS, { ours: () => decodeJson(json), theirs: () => JSON.parse(json) });
  return {
    title: `Grafana's JSON to ${rowsText} rows`,
    unit: "ms",
    better: "lower",
    ours: { what: "decodeJson, typed columns", value: ours },
    others: [{ what: "JSON.parse, arrays", value: theirs }],
  };
}

function drain(values: Iterable<unknown>): number {
  let count = 0;
  for (const value of values) {
    count += value === null ? 0 : 1;
  }
  return count;
}
