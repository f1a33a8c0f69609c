import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runGoTool } from "./go-tools.js";
import { temporaryFolder } from "./temporary-folder.js";

/** A metric as Prometheus' own parser reads it. */
export interface GoMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly {
    readonly labels: Readonly<Record<string, string>>;
    /** Of a histogram, the count. */
    readonly value: string;
    readonly sum?: string;
    /** The cumulative counts by their upper bounds. */
    readonly buckets?: Readonly<Record<string, number>>;
  }[];
}

/** Reads metrics in Prometheus' text format with the parser that Prometheus and Grafana have. */
export async function parseInGo(text: string): Promise<GoMetric[]> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "metrics.txt");
  await writeFile(file, text);
  return JSON.parse((await runGoTool("metrics", "parse", file)).toString());
}
