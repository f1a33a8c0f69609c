import {
  type DataSourceInput,
  type LogEntry,
  type Plugin,
  type PluginContextInput,
  type QueryResult,
  startPlugin,
} from "@framewright/host";
import { buildPlugin } from "./build-plugin.js";

/** Compiles the SDK probe, a data source and an app made with all of the author's layer. */
export async function buildSdkProbe(): Promise<string> {
  return (await buildPlugin("sdk-probe")).executable;
}

/** A running SDK probe and what it logged. */
export interface SdkProbe extends AsyncDisposable {
  readonly plugin: Plugin;
  readonly logs: readonly LogEntry[];
  /** Entries with this message, or one that matches it. */
  logged(message: string | RegExp): LogEntry[];
  /** Asks one query, named A. */
  ask(
    json: Readonly<Record<string, unknown>>,
    options?: { readonly context?: PluginContextInput; readonly queryType?: string; readonly timeoutMs?: number },
  ): Promise<QueryResult>;
}

/** Starts the compiled SDK probe. */
export async function startSdkProbe(executable: string, env: Readonly<Record<string, string>> = {}): Promise<SdkProbe> {
  const logs: LogEntry[] = [];
  const plugin = await startPlugin({ executable, env, onLog: (entry) => logs.push(entry) });
  return {
    plugin,
    logs,
    logged: (message) =>
      logs.filter((entry) => (typeof message === "string" ? entry.message === message : message.test(entry.message))),
    async ask(json, { context = sdkProbeContext(), queryType = "", timeoutMs } = {}) {
      const queries = [{ refId: "A", queryType, json }];
      const answers = await plugin.queryData({ context, queries }, timeoutMs === undefined ? {} : { timeoutMs });
      const answer = answers.get("A");
      if (answer === undefined) {
        throw new Error("the probe gave no answer to A");
      }
      return answer;
    },
    [Symbol.asyncDispose]: () => plugin[Symbol.asyncDispose](),
  };
}

/** The context of a data source of the probe. */
export function sdkProbeContext(
  dataSource: Partial<DataSourceInput> = {},
  more: Partial<PluginContextInput> = {},
): PluginContextInput {
  return {
    pluginId: "framewright-sdkprobe-datasource",
    dataSource: { uid: "ds", name: "SDK probe", updated: new Date(1_000), ...dataSource },
    ...more,
  };
}
