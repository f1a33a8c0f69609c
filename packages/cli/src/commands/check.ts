import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { findStandalone, locatePlugin } from "@framewright/host";
import { type DataSourceOptions, readPluginContext } from "../ask/data-source-options.js";
import { checkPlugin, reportJson, reportText, summarize } from "../check/check-plugin.js";
import { exitFailed, usageFailure } from "../failure.js";
import { interruptible } from "../interrupt.js";
import { readJsonArgument } from "../json-argument.js";
import { isObject } from "../json-object.js";
import { clearProgress, showProgress, usesColor } from "../terminal.js";

/** The options of `framewright check`, as the command line gives them. */
export interface CheckCommandOptions extends DataSourceOptions {
  readonly query?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/**
 * `framewright check <plugin>`: looks whether a backend plugin, in whatever language it is written, keeps to the protocol.
 *
 * @returns 0, or 1 where a requirement is not met
 */
export async function runCheckCommand(pluginPath: string, options: CheckCommandOptions): Promise<number> {
  if (!existsSync(pluginPath)) throw usageFailure(`${pluginPath} does not exist`);
  const located = await locatePlugin(pluginPath);
  const { executable, pluginId } = located;
  const standalone = await findStandalone(dirname(executable), pluginId);
  if (standalone !== undefined) {
    const { address, pid } = standalone;
    const who = pid === undefined ? "" : `, as process ${pid}`;
    throw usageFailure(
      `${pluginId} runs standalone${who}: end it first, since the binary leads its hosts to ${address}`,
    );
  }
  const target = {
    executable,
    queries: await readQueries(options.query),
    context: await readPluginContext(located, options),
  };
  const results = await interruptible(async (signal) => {
    try {
      return await checkPlugin(target, {
        strict: options.strict === true,
        signal,
        onRequirement: ({ id, title }) => showProgress(`${id} ${title}`.slice(0, 100)),
      });
    } finally {
      clearProgress();
    }
  });
  const report =
    options.json === true
      ? reportJson(executable, results)
      : reportText(relative(process.cwd(), executable), results, usesColor(process.stdout));
  console.log(report);
  return summarize(results).failed === 0 ? 0 : exitFailed;
}

type Query = Readonly<Record<string, unknown>>;

async function readQueries(text: string | undefined): Promise<readonly [Query, ...Query[]]> {
  if (text === undefined) return [{}];
  const json = await readJsonArgument(text, "--query");
  const [first, ...rest] = (Array.isArray(json) ? json : [json]).map((query: unknown) => {
    if (!isObject(query)) throw usageFailure("--query is not a JSON object, or an array of them");
    return query;
  });
  if (first === undefined) throw usageFailure("--query is an empty array; name at least one query, or leave it out");
  return [first, ...rest];
}
