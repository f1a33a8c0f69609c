import { join, resolve } from "node:path";
import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import { describeExit, type LogEntry, type LogLevel, type Plugin, readPluginManifest } from "@framewright/host";
import { readPluginContext } from "../ask/data-source-options.js";
import { type PrintOptions, printAnswer, printLog } from "../ask/print-answer.js";
import { type QueryOptions, toQueryCall } from "../ask/query-options.js";
import { isFile } from "../assets.js";
import { findCompiler } from "../bun.js";
import { createDevSession, type DevEvent } from "../dev/dev-session.js";
import { type PromptCommand, promptHelp, readPromptCommand } from "../dev/prompt-command.js";
import { watchSources } from "../dev/watch-sources.js";
import { messageOf, usageFailure } from "../failure.js";
import { interruptible } from "../interrupt.js";
import { formatMs } from "../terminal.js";

/** The options of `framewright dev`, as the command line gives them. */
export interface DevCommandOptions extends QueryOptions, PrintOptions {
  readonly query?: string;
  readonly verbose?: boolean;
}

/** What is logged from this level on is always shown. */
const shownLevels: readonly LogLevel[] = ["warn", "error"];

/**
 * `framewright dev [folder]`: runs a plugin from its sources, starts it anew when they change, and asks it what is typed.
 * After a change the last query is asked again.
 */
export async function runDev(folder: string, options: DevCommandOptions): Promise<void> {
  const root = resolve(folder);
  const entry = join(root, "backend", "main.ts");
  if (!(await isFile(entry))) throw usageFailure(`${entry} does not exist: name the folder of a plugin`);
  const { manifest } = await readPluginManifest(join(root, "src", "plugin.json"));
  const plugin = { pluginId: manifest.id, version: manifest.version };
  const context = await readPluginContext(plugin, options);

  let showsLog = options.verbose === true;
  let lastQuery: unknown;
  const session = createDevSession({
    runtime: findCompiler(),
    entry,
    onEvent: printEvent,
    onLog: (entry: LogEntry) => {
      if (showsLog || shownLevels.includes(entry.level)) printLog(entry);
    },
  });

  async function askQuery(running: Plugin, json: unknown, signal: AbortSignal): Promise<void> {
    const call = await toQueryCall(plugin, json, options);
    const started = performance.now();
    const results = await running.queryData(call, { signal });
    printAnswer(call, results, options);
    console.log(`\nanswered in ${formatMs(performance.now() - started)}`);
  }

  /** Answers a command; false where it ends the session. */
  async function answer(command: PromptCommand, signal: AbortSignal): Promise<boolean> {
    if (command.kind === "exit") return false;
    if (command.kind === "help") console.log(promptHelp);
    else if (command.kind === "unknown") console.log(command.problem);
    else if (command.kind === "log") showsLog = command.on;
    else {
      if (command.kind === "query") lastQuery = command.json;
      const running = session.plugin;
      if (running === undefined) console.log("the plugin does not run; mend it, and it is started anew");
      else await ask(running, command, signal);
    }
    return true;
  }

  async function ask(
    running: Plugin,
    command: Extract<PromptCommand, { kind: "query" | "again" | "health" | "resource" }>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      if (command.kind === "health") {
        const { status, message } = await running.checkHealth(context, { signal });
        console.log(`${status}: ${message}`);
      } else if (command.kind === "resource") {
        const { method, path, body } = command;
        // A body that is typed is JSON in most cases, and what is JSON is read as such by few servers without its type.
        const sent = body === undefined ? {} : { body: Buffer.from(body), headers: typedHeaders(body) };
        const response = await running.callResource({ context, method, url: path, ...sent }, { signal });
        console.log(`${response.status} ${response.headers.get("content-type") ?? ""}\n${await response.text()}`);
      } else if (lastQuery === undefined) console.log('type a query as JSON, or "help"');
      else await askQuery(running, lastQuery, signal);
    } catch (error) {
      if (!signal.aborted) console.log(messageOf(error));
    }
  }

  async function reload(signal: AbortSignal): Promise<void> {
    await session.reload();
    if (session.plugin !== undefined && lastQuery !== undefined) await ask(session.plugin, { kind: "again" }, signal);
    showPrompt();
  }

  await interruptible(async (signal) => {
    // Not only at the end: it may be a start that is to be interrupted.
    signal.addEventListener("abort", () => void session.close(), { once: true });
    const sources = watchSources([join(root, "backend"), join(root, "src", "plugin.json")], () => void reload(signal));
    try {
      await Promise.all([session.reload(), sources.ready]);
      signal.throwIfAborted();
      if (options.query !== undefined) await answer(await readPromptCommand(options.query), signal);
      signal.throwIfAborted();
      await readPrompt(`${manifest.id}> `, signal, (command) => answer(command, signal));
    } finally {
      await sources.close();
      await session.close();
    }
  });
}

function typedHeaders(body: string): Headers {
  return new Headers({ "content-type": /^[[{]/.test(body) ? "application/json" : "text/plain" });
}

/** The prompt, where a person sees it: what is printed unasked must not stand behind it. */
let shown: Interface | undefined;

function hidePrompt(): void {
  if (shown !== undefined) {
    cursorTo(process.stdout, 0);
    clearLine(process.stdout, 0);
  }
}

/** Shows it anew, with what was typed so far. */
function showPrompt(): void {
  shown?.prompt(true);
}

/** Reads lines from stdin until there are no more, the signal is aborted, or `answer` says that it was the last. */
async function readPrompt(
  text: string,
  signal: AbortSignal,
  answer: (command: PromptCommand) => Promise<boolean>,
): Promise<void> {
  // Not made earlier: lines that come before somebody waits for them would be lost.
  const prompt = createInterface({ input: process.stdin, output: process.stdout, prompt: text });
  signal.addEventListener("abort", () => prompt.close(), { once: true });
  // On a terminal, readline takes Ctrl-C for itself.
  prompt.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  let isClosed = false;
  prompt.once("close", () => {
    isClosed = true;
    shown = undefined;
  });
  prompt.prompt();
  shown = process.stdout.isTTY ? prompt : undefined;
  try {
    for await (const line of prompt) {
      if (!(await answer(await readPromptCommand(line))) || signal.aborted) break;
      // The last line may have been answered when the input has ended.
      if (!isClosed) prompt.prompt();
    }
  } finally {
    shown = undefined;
    prompt.close();
  }
  signal.throwIfAborted();
}

function printEvent(event: DevEvent): void {
  hidePrompt();
  switch (event.kind) {
    case "started":
      console.log(`${event.again ? "started anew" : "started"} in ${formatMs(event.startMs)}`);
      break;
    case "broken":
      console.log(`${event.problem}${event.running ? "\nthe plugin as it was before still runs" : ""}`);
      break;
    case "ended":
      console.log(`the plugin ${describeExit(event.exit)}; it is started anew when its sources change`);
      showPrompt();
      break;
  }
}
