import type { LogEntry, QueryDataCall, QueryResult } from "@framewright/host";
import { renderFrame } from "../render-frame.js";

/** How an answer is printed. */
export interface PrintOptions {
  /** How many rows of each frame. */
  readonly rows: number;
  /** Whether time series get a chart. */
  readonly chart: boolean;
}

/**
 * Prints what each query of a call was answered with. An answer whose frames have no rows is followed by the time range that was asked
 * for: unless one is given it is the last six hours, and what a file or a database holds is often older.
 */
export function printAnswer(
  { queries }: QueryDataCall,
  results: ReadonlyMap<string, QueryResult>,
  options: PrintOptions,
): void {
  for (const { refId, timeRange } of queries) {
    const result = results.get(refId);
    if (result === undefined) {
      console.log(`\n${refId}: the plugin gave no answer to this query`);
      continue;
    }
    printResult(refId, result, options);
    const { error, frames } = result;
    const empty = error === undefined && frames.length > 0 && frames.every(({ length }) => length === 0);
    if (empty && timeRange !== undefined) {
      const { from, to } = timeRange;
      console.log(
        `no rows; if the query uses the time range, it was ${from.toISOString()} to ${to.toISOString()}; --from and --to give another`,
      );
    }
  }
}

function printResult(refId: string, result: QueryResult, { rows, chart }: PrintOptions): void {
  if (result.error !== undefined) {
    const source = result.errorSource === undefined ? "" : `, source ${result.errorSource}`;
    console.log(`\n${refId}: error (status ${result.status}${source}): ${result.error}`);
  } else if (result.frames.length === 0) {
    console.log(`\n${refId}: no frames`);
  }
  for (const frame of result.frames) {
    console.log(`\n${renderFrame(frame, { stream: process.stdout, maxRows: rows, chart })}`);
  }
}

/** Prints a line of a plugin's log on stderr. */
export function printLog({ level, message, time, fields }: LogEntry): void {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  process.stderr.write(`${(time ?? new Date()).toISOString()} ${level.padEnd(5)} ${message}${rest.join("")}\n`);
}
