import { existsSync } from "node:fs";
import type { LogEntry, Plugin, QueryDataCall, QueryResult } from "@framewright/host";
import { describeExit, locatePlugin, PluginCallError, startPlugin } from "@framewright/host";
import { type PrintOptions, printAnswer, printLog } from "../ask/print-answer.js";
import { type QueryOptions, toQueryCall } from "../ask/query-options.js";
import { Failure, messageOf, usageFailure } from "../failure.js";
import { interruptible } from "../interrupt.js";
import { readJsonArgument } from "../json-argument.js";
import { responseJson } from "../response-json.js";
import { formatMs } from "../terminal.js";
import { parseDuration } from "../time-range.js";

/** The options of `framewright query`, as the command line gives them. */
export interface QueryCommandOptions extends QueryOptions, PrintOptions {
  readonly timeout: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** How many of the plugin's last log lines are shown when it crashes. */
const crashLines = 20;

/**
 * `framewright query <plugin> <query>`: asks a built plugin and prints its answer. The plugin is stopped before anything is
 * printed, and also where the command fails or is interrupted.
 *
 * @returns 0, or 1 where a query was answered with an error.
 */
export async function runQuery(pluginPath: string, query: string, options: QueryCommandOptions): Promise<number> {
  if (!existsSync(pluginPath))
    throw usageFailure(`${pluginPath} does not exist; "framewright build" makes the dist folder of a plugin`);
  const located = await locatePlugin(pluginPath);
  const timeoutMs = parseDuration(options.timeout, "--timeout");
  const call = await toQueryCall(located, await readJsonArgument(query, "the query"), options);

  const answer = await interruptible((signal) =>
    ask(located.executable, call, timeoutMs, options.verbose === true, signal),
  );
  const failed = call.queries.some(
    ({ refId }) => answer.results.get(refId)?.error !== undefined || !answer.results.has(refId),
  );
  if (options.json === true) {
    console.log(responseJson(answer.results));
    return failed ? 1 : 0;
  }
  printAnswer(call, answer.results, options);
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
    if (!(error instanceof PluginCallError)) throw new Failure(messageOf(error));
    if (error.code === "DEADLINE_EXCEEDED") {
      throw new Failure(`the plugin gave no answer in ${formatMs(timeoutMs)}: --timeout lets it take longer`);
    }
    if (error.exit === undefined) throw new Failure(error.message);
    lastLines.forEach(printLog);
    throw new Failure(`the plugin ${describeExit(error.exit)} before it had answered`);
  } finally {
    await plugin?.stop();
  }
}
