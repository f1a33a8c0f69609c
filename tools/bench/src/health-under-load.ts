import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { locatePlugin } from "@framewright/host";
import { benchHealth, goPluginDist, hasGoHost, sayNoGoHost } from "./go-host.js";
import type { Measurement, Report } from "./report.js";
import {
  dataSourceFlags,
  mariadbWithReadings,
  postgresWithReadings,
  READINGS,
  sqlExecutable,
  TABLE,
} from "./sql-readings.js";

/** What the CSV plugin's heaviest query reads, a file of 63 MB, and answers with, 40 MB of Arrow. */
const CSV_ROWS = 1_500_000;

/** What the plugin made with the Go SDK makes of numbers, 40 MB of Arrow too. */
const PEER_ROWS = 2_500_000;

/**
 * How long CheckHealth takes while a plugin answers its heaviest query again and again, driven by go-plugin's own client. The
 * 99th percentile is to stay below 100 ms: more than that a user at Grafana's "Save & test" begins to notice.
 */
export async function healthUnderLoad(): Promise<readonly Report[]> {
  if (!hasGoHost()) {
    sayNoGoHost("health");
    return [];
  }
  const go = await locatePlugin(goPluginDist);
  const peer = await health("Go SDK, making frames as large", go.executable, "--queries", `[{"rows":${PEER_ROWS}}]`);
  return [await ofCsvPlugin(peer), ...(await ofSqlPlugin(peer))];
}

async function ofSqlPlugin(peer: Measurement): Promise<readonly Report[]> {
  const servers = { postgres: await postgresWithReadings(), mysql: await mariadbWithReadings() };
  const executable = await sqlExecutable();
  const reports: Report[] = [];
  for (const [engine, server] of Object.entries(servers)) {
    if (server !== undefined) {
      await using running = server;
      const query = JSON.stringify([{ rawSql: TABLE, format: "table" }]);
      const flags = [...dataSourceFlags(engine, running), "--queries", query];
      reports.push({
        title: `CheckHealth while ${READINGS.toLocaleString("en")} rows are read from a database (${engine}), 99th percentile`,
        unit: "ms",
        better: "lower",
        ours: await health("gpx_sql, at work", executable, ...flags),
        others: [await health("gpx_sql, idle", executable, ...flags, "--idle"), peer],
      });
    }
  }
  return reports;
}

async function ofCsvPlugin(peer: Measurement): Promise<Report> {
  const plugin = dirname(createRequire(import.meta.url).resolve("framewright-csv-datasource/package.json"));
  const { executable } = await locatePlugin(join(plugin, "dist"));
  const folder = await mkdtemp(join(tmpdir(), "framewright-bench-"));
  try {
    await writeFile(join(folder, "large.csv"), csvFile());
    const flags = ["--settings", JSON.stringify({ folder }), "--queries", JSON.stringify([{ file: "large.csv" }])];
    return {
      title: `CheckHealth while a file of ${CSV_ROWS.toLocaleString("en")} rows is read, 99th percentile`,
      unit: "ms",
      better: "lower",
      ours: await health("gpx_csv, at work", executable, ...flags),
      others: [await health("gpx_csv, idle", executable, ...flags, "--idle"), peer],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function health(what: string, executable: string, ...flags: string[]): Promise<Measurement> {
  return { what, value: (await benchHealth(executable, ...flags)).p99Ms };
}

/** A file whose rows all lie within the hour that the Go client asks for, the last of 2023. */
function csvFile(): string {
  const first = Date.UTC(2023, 11, 31, 23);
  const lines = ["time,value,city"];
  for (let row = 0; row < CSV_ROWS; row++) {
    lines.push(`${new Date(first + row * 2).toISOString()},${(Math.sin(row) * 1_000).toFixed(4)},city ${row % 50}`);
  }
  return `${lines.join("\n")}\n`;
}
