import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { LogEntry, Plugin, QueryDataCall, QueryResult } from "@framewright/host";
import { describeExit, locatePlugin, PluginCallError, startPlugin } from "@framewright/host";
import { Failure, messageOf, usageFailure } from "../failure.js";
import { interruptible } from "../interrupt.js";
import { readJsonArgument, readObjectArgument, readSecretArgument } from "../json-argument.js";
import { queryInputs } from "../query-input.js";
import { renderFrame } from "../render-frame.js";
import { responseJson } from "../response-json.js";
import { formatMs } from "../terminal.js";
import { parseDuration, parseTimeRange } from "../time-range.js";
import { intervalFor } from "../time-steps.js";

/** The options of `framewright query`, as the command line gives them. */
export interface QueryCommandOptions {
  readonly settings?: string;
  readonly secure?: string;
  readonly url?: string;
  readonly user?: string;
  readonly database?: string;
  readonly from: string;
  readonly to: string;
  readonly interval?: string;
  readonly maxDataPoints: number;
  readonly rows: number;
  readonly timeout: string;
  readonly chart: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const dataSourceUid = "framewright";

/** How many of the plugin's last log lines are shown when it crashes. */
const crashLines = 20;

/** How long a plugin whose connection broke may take to be gone, in ms. */
const exitGraceMs = 200;

/**
 * `framewright query <plugin> <query>`: asks a built plugin and prints its answer. The plugin is stopped before anything is
 * printed, and also where the command fails or is interrupted.
 *
 * @returns 0, or 1 where a query was answered with an error.
 */
export async function runQuery(pluginPath: string, query: string, options: QueryCommandOptions): Promise<number> {
  if (!existsSync(pluginPath)) throw usageFailure(`${pluginPath} does not exist`);
  const located = await locatePlugin(pluginPath);
  const timeRange = parseTimeRange(options.from, options.to);
  const timeoutMs = parseDuration(options.timeout, "--timeout");
  const rangeMs = timeRange.to.getTime() - timeRange.from.getTime();
  const intervalMs =
    options.interval === undefined
      ? intervalFor(rangeMs, options.maxDataPoints)
      : parseDuration(options.interval, "--interval");
  const queries = queryInputs(await readJsonArgument(query, "the query"), {
    timeRange,
    intervalMs,
    maxDataPoints: options.maxDataPoints,
    dataSource: { type: located.pluginId, uid: dataSourceUid },
  });
  const { settings, secure, url, user, database } = options;
  const call: QueryDataCall = {
    context: {
      pluginId: located.pluginId,
      ...(located.version === undefined ? {} : { pluginVersion: located.version }),
      dataSource: {
        uid: dataSourceUid,
        name: located.pluginId,
        ...(url === undefined ? {} : { url }),
        ...(user === undefined ? {} : { user }),
        ...(database === undefined ? {} : { database }),
        jsonData: settings === undefined ? {} : await readObjectArgument(settings, "--settings"),
        secureJsonData: secure === undefined ? {} : await readSecretArgument(secure, "--secure"),
        updated: new Date(),
      },
    },
    queries,
  };

  const answer = await interruptible((signal) =>
    ask(located.executable, call, timeoutMs, options.verbose === true, signal),
  );
  const failed = queries.some(
    ({ refId }) => answer.results.get(refId)?.error !== undefined || !answer.results.has(refId),
  );
  if (options.json === true) {
    console.log(responseJson(answer.results));
    return failed ? 1 : 0;
  }
  for (const { refId } of queries) {
    const result = answer.results.get(refId);
    if (result === undefined) console.log(`\n${refId}: the plugin gave no answer to this query`);
    else printResult(refId, result, options);
  }
  console.log(`\nstarted in ${formatMs(answer.startMs)}, answered in ${formatMs(answer.answerMs)}`);
  return failed ? 1 : 0;
}

interface Answer {
  readonly results: ReadonlyMap<string, QueryResult>;
  /** From the start of the process to the handshake. */
  readonly startMs: number;
  /** From the request to the decoded frames. */
  readonly answerMs: number;
}

async function ask(
  executable: string,
  call: QueryDataCall,
  timeoutMs: number,
  verbose: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  const lastLines: LogEntry[] = [];
  const onLog = (entry: LogEntry): void => {
    if (verbose) printLog(entry);
    else if (lastLines.push(entry) > crashLines) lastLines.shift();
  };
  let plugin: Plugin | undefined;
  try {
    plugin = await startPlugin({ executable, signal, onLog });
    const started = performance.now();
    const results = await plugin.queryData(call, { signal, timeoutMs });
    return { results, startMs: plugin.startMs, answerMs: performance.now() - started };
  } catch (error) {
    if (plugin === undefined || signal.aborted) throw new Failure(messageOf(error));
    if (error instanceof PluginCallError && error.code === "DEADLINE_EXCEEDED") {
      throw new Failure(`the plugin gave no answer in ${formatMs(timeoutMs)}: --timeout lets it take longer`);
    }
    // A plugin that crashed is gone by now, or is just about to be.
    const exit = await Promise.race([plugin.exited, setTimeout(exitGraceMs, undefined)]);
    if (exit === undefined) throw new Failure(messageOf(error));
    lastLines.forEach(printLog);
    throw new Failure(`the plugin ${describeExit(exit)} before it had answered`);
  } finally {
    await plugin?.stop();
  }
}

function printLog({ level, message, time, fields }: LogEntry): void {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  process.stderr.write(`${(time ?? new Date()).toISOString()} ${level.padEnd(5)} ${message}${rest.join("")}\n`);
}

function printResult(refId: string, result: QueryResult, options: QueryCommandOptions): void {
  if (result.error !== undefined) {
    const source = result.errorSource === undefined ? "" : `, source ${result.errorSource}`;
    console.log(`\n${refId}: error (status ${result.status}${source}): ${result.error}`);
  } else if (result.frames.length === 0) {
    console.log(`\n${refId}: no frames`);
  }
  for (const frame of result.frames) {
    console.log(`\n${renderFrame(frame, { stream: process.stdout, maxRows: options.rows, chart: options.chart })}`);
  }
}
