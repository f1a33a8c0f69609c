import { fileURLToPath } from "node:url";
import { type LogEntry, locatePlugin, type Plugin, type PluginContextInput, startPlugin } from "@framewright/host";

/** The CSV plugin's build, as Grafana would install it. */
export const csvDist = fileURLToPath(new URL("../../../plugins/csv/dist", import.meta.url));

/** A running CSV plugin and everything it logged. */
export interface RunningCsv extends AsyncDisposable {
  readonly plugin: Plugin;
  readonly logs: readonly LogEntry[];
}

/** Starts the compiled CSV plugin. */
export async function startCsv(env: Readonly<Record<string, string>> = {}): Promise<RunningCsv> {
  const { executable } = await locatePlugin(csvDist);
  const logs: LogEntry[] = [];
  const plugin = await startPlugin({ executable, env, startTimeoutMs: 20_000, onLog: (entry) => logs.push(entry) });
  return { plugin, logs, [Symbol.asyncDispose]: () => plugin[Symbol.asyncDispose]() };
}

/** The context of a CSV data source with these settings. */
export function csvContext(jsonData: Readonly<Record<string, unknown>>, updated = new Date(1_000)): PluginContextInput {
  return {
    pluginId: "framewright-csv-datasource",
    dataSource: { uid: "csv-1", name: "CSV", jsonData, updated },
  };
}
