import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { locatePlugin } from "@framewright/host";
import { beforeAll, describe, expect, test } from "vitest";
import { csvDist } from "../src/csv-plugin.js";
import { cancelInGoHost, type GoRun, runInGoHost } from "../src/go-host.js";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { vegaFolder } from "../src/vega-datasets.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: no plugin was driven by the official Go client: ${reason}`);
}

/** The longest a host waits for a plugin that it told to end. */
const patienceMs = 2_000;

const methods = [
  "grpc.health.v1.Health/Check",
  "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "pluginv2.Diagnostics/CheckHealth",
  "pluginv2.Diagnostics/CollectMetrics",
  "pluginv2.Data/QueryData",
  "pluginv2.Data/QueryChunkedData",
  "pluginv2.Resource/CallResource",
  "pluginv2.Stream/SubscribeStream",
  "pluginv2.Stream/PublishStream",
  "pluginv2.Stream/RunStream",
  "pluginv2.AdmissionControl/ValidateAdmission",
  "pluginv2.AdmissionControl/MutateAdmission",
  "pluginv2.ResourceConversion/ConvertObjects",
];

describe.skipIf(reason !== undefined).each([
  { title: "as Grafana sets it up", flags: [] },
  { title: "with AutoMTLS", flags: ["--automtls"] },
])("the official Go client, $title, drives gpx_csv", ({ flags }) => {
  let report: GoRun;

  beforeAll(async () => {
    const { executable, pluginId } = await locatePlugin(csvDist);
    const settings = JSON.stringify({ folder: vegaFolder });
    const queries = JSON.stringify([{ file: "stocks.csv" }, { file: "no-such-file.csv" }]);
    report = await runInGoHost(
      executable,
      ...flags,
      ...[
        "--plugin-id",
        pluginId,
        "--settings",
        settings,
        "--queries",
        queries,
        "--method",
        "GET",
        "--resource",
        "files",
      ],
    );
  });

  test("every RPC is answered, or refused as not implemented", () => {
    expect(report.autoMtls).toBe(flags.includes("--automtls"));
    expect(report.calls.map(({ service, method }) => `${service}/${method}`)).toEqual(methods);
    for (const call of report.calls) {
      expect(call.code, `${call.method}: ${call.message}`).toBeOneOf(["OK", "Unimplemented"]);
    }
  });

  test("what it implements is answered as asked", () => {
    expect(answer("Check")).toBe("SERVING");
    expect(answer("CheckHealth")).toMatchObject({ status: "OK" });
    expect(answer("CollectMetrics")).toMatch(/^process_cpu_seconds_total \d/m);
    expect(answer("QueryData")).toEqual({
      A: { status: 200, frames: [expect.objectContaining({ name: "stocks.csv", refId: "A" })] },
      B: { status: 404, errorSource: "downstream", error: "no-such-file.csv: does not exist", frames: [] },
    });
    expect(answer("CallResource")).toMatchObject({ code: 200, body: expect.stringContaining("stocks.csv") });
  });

  test("Shutdown ends it in time, with code 0 and nothing left", () => {
    expect(report.shutdown).toMatchObject({ exitCode: 0, failedToExitGracefully: false, socketLeft: false });
    expect(report.shutdown.ms).toBeLessThan(patienceMs);
  });

  test("its log lines are read as such, with level and fields", () => {
    const line = report.logs.find(({ message }) => message === "query failed");
    expect(line).toMatchObject({ level: "warn", fields: { refId: "B", timestamp: expect.any(String) } });
    expect(report.logs.filter(({ message }) => message.startsWith("{"))).toEqual([]);
  });

  function answer(method: string): unknown {
    return report.calls.find((call) => call.method === method)?.answer;
  }
});

describe.skipIf(reason !== undefined)("the official Go client cancels", () => {
  test("a query of gpx_csv while it reads a large file, and the plugin stops within 100 ms", async () => {
    await using folder = await temporaryFolder();
    await writeLargeCsv(join(folder.path, "large.csv"));
    const { executable } = await locatePlugin(csvDist);
    const { calls, shutdown } = await cancelInGoHost(
      executable,
      ...["--settings", JSON.stringify({ folder: folder.path }), "--queries", '[{"file":"large.csv"}]'],
      ...["--calls", "QueryData", "--waiting", "", "--after", "200ms", "--noticed", "query failed", "--rounds", "5"],
    );
    expect(calls.map(({ code }) => code)).toEqual(Array(5).fill("Canceled"));
    const noticed = calls.map(({ noticedMs }) => noticedMs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    expect(noticed[2], `of ${noticed.join(", ")} ms`).toBeLessThan(100);
    expect(shutdown).toMatchObject({ exitCode: 0, failedToExitGracefully: false, socketLeft: false });
  });
});

describe.skipIf(reason !== undefined).each([
  { title: "as Grafana sets it up", flags: [] },
  { title: "with AutoMTLS", flags: ["--automtls"] },
])("the same client, $title, drives a plugin made with the official SDK", ({ flags }) => {
  test("every RPC succeeds, so a refusal above is not the client's doing", async () => {
    const { executable } = await locatePlugin(goPluginDist);
    const report = await runInGoHost(executable, ...flags);
    expect(report.calls.map(({ method, code }) => [method, code])).toEqual(
      methods.map((name) => [name.split("/")[1], "OK"]),
    );
    expect(report.shutdown).toMatchObject({ exitCode: 0, failedToExitGracefully: false, socketLeft: false });
  });
});

/** Writes about 140 MB, which the plugin reads for longer than it may take to notice. */
async function writeLargeCsv(path: string): Promise<void> {
  const block = "2024-01-01T00:00:00Z,1234.5678,some city name\n".repeat(50_000);
  await pipeline(Readable.from(["time,value,city\n", ...Array<string>(60).fill(block)]), createWriteStream(path));
}
