import { type Frame, frame, numbers, strings, times } from "@framewright/data";
import { decimal, float64, resultBuilder, text, timestamp } from "@framewright/sdk/sql";
import pgTypes from "pg-types";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

const ROWS = 300_000;
const RUNS = 3;

/** The numbers that PostgreSQL has for timestamptz, float8, text and numeric. */
const OIDS = [1184, 701, 25, 1700];

/** The cells of a result as PostgreSQL sends them: one behind the other, cell `i` being `bytes[offsets[i] .. offsets[i + 1])`. */
interface Cells {
  readonly bytes: Buffer;
  readonly offsets: Int32Array;
}

/**
 * A result in PostgreSQL's text format into the columns of a frame, beside what a TypeScript author has without the kit: the
 * parsers of `pg`, rows of JavaScript values, and a frame of those.
 */
export async function sqlCells(): Promise<Report> {
  const cells = makeCells();
  const measure = (work: (cells: Cells) => Frame): number => {
    const durations: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const started = performance.now();
      work(cells);
      durations.push(performance.now() - started);
    }
    return median(durations.slice(1));
  };
  return {
    title: `A frame of ${ROWS.toLocaleString("en")} rows of PostgreSQL's timestamptz, float8, text and numeric, as text`,
    unit: "ms",
    better: "lower",
    ours: { what: "resultBuilder, text into columns", value: measure(intoColumns) },
    others: [{ what: "pg-types, rows, then a frame", value: measure(intoRows) }],
  };
}

function intoColumns({ bytes, offsets }: Cells): Frame {
  const types = [timestamp, float64, text, decimal];
  const result = resultBuilder(types.map((type, index) => ({ name: `c${index}`, type })));
  for (let row = 0; row < ROWS; row++) {
    result.startRow();
    for (const [index, writer] of result.cells.entries()) {
      const cell = row * types.length + index;
      writer.appendText(bytes, offsets[cell], offsets[cell + 1]);
    }
  }
  return result.finish();
}

function intoRows({ bytes, offsets }: Cells): Frame {
  const parsers = OIDS.map((oid) => pgTypes.getTypeParser(oid));
  const rows: unknown[][] = [];
  for (let row = 0; row < ROWS; row++) {
    rows.push(
      parsers.map((parse, index) => {
        const cell = row * parsers.length + index;
        return parse(bytes.toString("utf8", offsets[cell], offsets[cell + 1]));
      }),
    );
  }
  return frame("", [
    times(rows.map(([time]) => (time instanceof Date ? time : null))),
    numbers(rows.map(([, value]) => Number(value))),
    strings(rows.map(([, , value]) => String(value))),
    numbers(rows.map(([, , , value]) => Number(value))),
  ]);
}

function makeCells(): Cells {
  const offsets = new Int32Array(ROWS * OIDS.length + 1);
  const bytes = Buffer.alloc(ROWS * 80);
  let end = 0;
  for (let row = 0; row < ROWS; row++) {
    const time = new Date(1_700_000_000_000 + row * 1_001).toISOString().replace("T", " ").replace("Z", "456+00");
    const values = [time, String(Math.sin(row) * 1_000), `host ${row % 50}`, (row * 12_345.678).toFixed(4)];
    for (const [index, value] of values.entries()) {
      end += bytes.write(value, end);
      offsets[row * OIDS.length + index + 1] = end;
    }
  }
  return { bytes, offsets };
}
