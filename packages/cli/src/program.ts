import { readFileSync } from "node:fs";
import { type Platform, PluginFolderError } from "@framewright/host";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { BuildCommandOptions } from "./commands/build.js";
import type { BundleCommandOptions } from "./commands/bundle.js";
import type { CheckCommandOptions } from "./commands/check.js";
import type { DevCommandOptions } from "./commands/dev.js";
import type { QueryCommandOptions } from "./commands/query.js";
import { exitFailed, exitUsage, Failure, messageOf } from "./failure.js";
import { Interrupted } from "./interrupt.js";
import { parsePlatform } from "./parse-platform.js";

/**
 * Runs the command line and reports failures on stderr.
 *
 * @param argv the arguments alone, without the runtime and the script.
 * @returns the exit code: 0, 1 where the work failed, 2 where the arguments are wrong, 130 after Ctrl-C.
 */
export async function run(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has printed its message by now.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitUsage;
    if (error instanceof Interrupted) return error.exitCode;
    if (error instanceof Failure) {
      process.stderr.write(`framewright: ${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof PluginFolderError) {
      process.stderr.write(`framewright: ${error.message}\n`);
      return exitFailed;
    }
    process.stderr.write(`framewright: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitFailed;
  }
}

/**
 * The commands and their options. A command's module is loaded only when it runs, so that `--help` is quick.
 * `setExitCode` receives the code of a command that ended without a failure of its own.
 */
function createProgram(setExitCode: (code: number) => void): Command {
  const program = new Command("framewright")
    .description(
      "Build a Grafana plugin whose backend is written in TypeScript, ask it as Grafana would, and check any.",
    )
    .version(packageVersion())
    .showHelpAfterError("(framewright --help shows what is possible)")
    .exitOverride();

  program
    .command("build")
    .description("compile backend/main.ts to one binary and put the plugin together in dist/")
    .argument("[folder]", "the plugin's folder, with src/plugin.json in it", ".")
    .option("-t, --target <os-arch>", "build for this platform, such as linux-arm64; may be repeated", collectTargets)
    .addOption(new Option("--all", "build for every platform").conflicts("target"))
    .action(async (folder: string, options: BuildCommandOptions) => {
      const { runBuild } = await import("./commands/build.js");
      await runBuild(folder, options);
    });

  program
    .command("bundle")
    .description("make backend/main.ts one module for Node and its debugger, with a source map beside it")
    .argument("[folder]", "the plugin's folder", ".")
    .option("--out <file>", "where to write it (default: .cache/backend.mjs in the plugin's folder)")
    .action(async (folder: string, options: BundleCommandOptions) => {
      const { runBundle } = await import("./commands/bundle.js");
      await runBundle(folder, options);
    });

  const query = program
    .command("query")
    .description("start a built plugin, ask it, and print the frames of its answer")
    .argument("<plugin>", "the plugin's dist folder, or the binary itself")
    .argument("<query>", "the query as JSON, several as an array, or @file");
  addQueryOptions(query)
    .option("--timeout <duration>", "how long to wait for the answer", "30s")
    .option("--json", "print the answer as Grafana's JSON and nothing else")
    .option("-v, --verbose", "the plugin's log on stderr")
    .action(async (plugin: string, query: string, options: QueryCommandOptions) => {
      const { runQuery } = await import("./commands/query.js");
      setExitCode(await runQuery(plugin, query, options));
    });

  const dev = program
    .command("dev")
    .description("run a plugin from its sources, start it anew when they change, and ask it what is typed")
    .argument("[folder]", "the plugin's folder, with src/plugin.json in it", ".");
  addQueryOptions(dev)
    .option("--query <json>", "a query to begin with, asked again after each change: JSON, or @file")
    .option("-v, --verbose", "the whole of the plugin's log; else warnings and errors")
    .action(async (folder: string, options: DevCommandOptions) => {
      const { runDev } = await import("./commands/dev.js");
      await runDev(folder, options);
    });

  const check = program
    .command("check")
    .description("look whether a backend plugin, in whatever language, keeps to Grafana's plugin protocol")
    .argument("<plugin>", "the plugin's dist folder, or the executable itself")
    .option("--query <json>", "a query that the plugin can answer, several as an array, or @file (default: {})");
  addDataSourceOptions(check)
    .option("--strict", "count what is only recommended as well")
    .option("--json", "print the results as JSON and nothing else")
    .action(async (plugin: string, options: CheckCommandOptions) => {
      const { runCheckCommand } = await import("./commands/check.js");
      setExitCode(await runCheckCommand(plugin, options));
    });

  return program;
}

/** Adds what a query is asked with and how its answer is printed. */
function addQueryOptions(command: Command): Command {
  return addDataSourceOptions(command)
    .option("--from <time>", "start of the time range: ISO 8601, ms since 1970, or relative as in Grafana", "now-6h")
    .option("--to <time>", "end of the time range", "now")
    .option("--interval <duration>", "the interval to ask for, such as 30s (default: from range and data points)")
    .option("--max-data-points <n>", "how many points a panel has room for", wholeNumber, 1000)
    .option("--rows <n>", "how many rows of each frame to print", wholeNumber, 10)
    .option("--no-chart", "no chart of time series");
}

/** Adds what describes the data source. */
function addDataSourceOptions(command: Command): Command {
  return command
    .option("--settings <json>", "the data source's jsonData: a JSON object, or @file")
    .option("--secure <json>", "its secureJsonData, which is never printed: a JSON object of texts, or @file")
    .option("--url <url>", "its URL")
    .option("--user <name>", "its user")
    .option("--database <name>", "its database");
}

function collectTargets(text: string, before: Platform[] = []): Platform[] {
  try {
    return [...before, parsePlatform(text)];
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version);
  return "unknown";
}
