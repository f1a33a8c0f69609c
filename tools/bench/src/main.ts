import { formatReport, type Report } from "./report.js";

const benchmarks: Readonly<Record<string, () => Promise<readonly Report[]>>> = {
  start: async () => [await (await import("./start-to-handshake.js")).startToHandshake()],
  dev: async () => [await (await import("./dev-reload.js")).devReload()],
  codec: async () => (await import("./message-codec.js")).messageCodec(),
  wire: async () => (await import("./wire.js")).wire(),
  health: async () => (await import("./health-under-load.js")).healthUnderLoad(),
  frames: async () => (await import("./frames.js")).frames(),
  sql: async () => [
    await (await import("./sql-cells.js")).sqlCells(),
    ...(await (await import("./sql-plugin.js")).sqlPlugin()),
  ],
  csv: async () => [await (await import("./read-csv.js")).readCsvFile()],
  http: async () => (await import("./http-client.js")).httpClient(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}`);
  process.exitCode = 2;
} else {
  for (const [name, run] of Object.entries(benchmarks)) {
    if (chosen.length === 0 || chosen.includes(name)) {
      for (const report of await run()) {
        console.log(`${formatReport(report)}\n`);
      }
    }
  }
}
