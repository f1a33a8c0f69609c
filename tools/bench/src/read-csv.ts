import { frame } from "@framewright/data";
import { readCsv } from "@framewright/data/csv";
import { parse as parseWithCsvParse } from "csv-parse/sync";
import Papa from "papaparse";
import { inferSchema, initParser } from "udsv";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

const ROWS = 500_000;
const RUNS = 3;

/**
 * A CSV file of time, number and text into typed columns, beside what a TypeScript author would reach for. Those stop at
 * row arrays or JavaScript values; the columns of a frame would still have to be made of them.
 */
export async function readCsvFile(): Promise<Report> {
  const bytes = makeFile();
  const text = new TextDecoder().decode(bytes);
  const megabytes = bytes.length / 1e6;
  const speed = async (work: () => unknown): Promise<number> => {
    const times: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
    return megabytes / (median(times.slice(1)) / 1e3);
  };
  return {
    title: `Reading a CSV file of ${megabytes.toFixed(0)} MB, ${ROWS.toLocaleString("en")} rows of time, number and text`,
    unit: "MB/s",
    better: "higher",
    ours: {
      what: "readCsv, typed columns in a frame",
      value: await speed(async () => frame("file", await (await readCsv(bytes)).toFields())),
    },
    others: [
      {
        what: "uDSV, typed columns of JavaScript values",
        value: await speed(() => initParser(inferSchema(text)).typedCols(text)),
      },
      { what: "Papa Parse, arrays of strings", value: await speed(() => Papa.parse(text)) },
      { what: "csv-parse, arrays of strings", value: await speed(() => parseWithCsvParse(text)) },
    ],
  };
}

function makeFile(): Uint8Array {
  const lines = ["time,value,city"];
  for (let row = 0; row < ROWS; row++) {
    const time = new Date(1_700_000_000_000 + row * 60_000).toISOString();
    lines.push(`${time},${(Math.sin(row) * 1_000).toFixed(4)},city ${row % 50}`);
  }
  return new TextEncoder().encode(lines.join("\n"));
}
