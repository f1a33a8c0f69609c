import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type LocatedPlugin, locatePlugin } from "@framewright/host";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { csvDist } from "../src/csv-plugin.js";
import { cancelInGoHost, type GoRun, runInGoHost } from "../src/go-host.js";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { buildProbe } from "../src/probe-plugin.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { vegaFolder } from "../src/vega-datasets.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: no plugin was driven by the official Go client: ${reason}`);
}

/** The longest a host waits for a plugin that it told to end. */
const patienceMs = 2_000;

let built: Promise<LocatedPlugin> | undefined;

/** The probe, compiled once. */
function probe(): Promise<LocatedPlugin> {
  built ??= buildProbe();
  return built;
}

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

describe.skipIf(reason !== undefined).each([
  { title: "as Grafana sets it up", flags: [] },
  { title: "with AutoMTLS", flags: ["--automtls"] },
])("the official Go client, $title, asks the probe and a plugin made with the official SDK the same", ({ flags }) => {
  const questions = [
    {},
    { bytes: 81 },
    { rows: 2_500 },
    { error: { message: "gone", status: 404, source: "downstream" } },
  ];
  let ours: GoRun;
  let official: GoRun;

  beforeAll(async () => {
    const go = await locatePlugin(goPluginDist);
    const asked = [...flags, "--queries", JSON.stringify(questions), "--stream-data", '{"asked":true}'];
    ours = await runInGoHost((await probe()).executable, ...asked);
    official = await runInGoHost(go.executable, ...asked);
  });

  test("every RPC of both succeeds, so a refusal elsewhere is not the client's doing", () => {
    const succeeded = methods.map((name) => [name.split("/")[1], "OK"]);
    for (const report of [ours, official]) {
      expect(report.autoMtls).toBe(flags.includes("--automtls"));
      expect(report.calls.map(({ method, code }) => [method, code])).toEqual(succeeded);
      expect(report.shutdown).toMatchObject({ exitCode: 0, failedToExitGracefully: false, socketLeft: false });
      expect(report.shutdown.ms).toBeLessThan(patienceMs);
    }
  });

  test.each(["Check", "ServerReflectionInfo", "QueryData", "SubscribeStream", "PublishStream"])(
    "%s is answered alike",
    (method) => {
      expect(answerOf(ours, method)).toEqual(answerOf(official, method));
    },
  );

  test.each(["ValidateAdmission", "MutateAdmission", "ConvertObjects"])("%s is answered alike", (method) => {
    expect(answerOf(ours, method)).toEqual(answerOf(official, method));
  });

  test("chunks have the same rows", () => {
    const shape = (report: GoRun): unknown =>
      z
        .array(
          z.object({
            refId: z.string(),
            frameId: z.string(),
            status: z.number(),
            frame: z.object({ rows: z.number() }).nullable(),
          }),
        )
        .parse(answerOf(report, "QueryChunkedData"))
        .map(({ refId, status, frame }) => [refId, status, frame?.rows]);
    expect(shape(ours)).toEqual(shape(official));
  });
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

  test.each([
    { plugin: "the probe", executable: async () => (await probe()).executable },
    { plugin: "the Go plugin", executable: async () => (await locatePlugin(goPluginDist)).executable },
  ])("each long call of $plugin, which knows within 100 ms", async ({ executable }) => {
    const { calls, shutdown } = await cancelInGoHost(
      await executable(),
      ...[
        "--queries",
        '[{"sleepMs":60000}]',
        "--stream",
        "ticks",
        "--waiting",
        "",
        "--after",
        "100ms",
        "--rounds",
        "3",
      ],
    );
    for (const method of ["QueryData", "QueryChunkedData", "RunStream"]) {
      const ofMethod = calls.filter((call) => call.method === method);
      expect(ofMethod.map(({ code }) => code)).toEqual(Array(3).fill("Canceled"));
      const noticed = ofMethod.map(({ noticedMs }) => noticedMs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
      expect(noticed[1], `${method}: ${noticed.join(", ")} ms`).toBeLessThan(100);
    }
    expect(shutdown).toMatchObject({ exitCode: 0, failedToExitGracefully: false, socketLeft: false });
  });
});

/** What a plugin answered, its JSON texts parsed, and types without the mark of the nullable ones, which are each SDK's own choice. */
function answerOf(report: GoRun, method: string): unknown {
  const answer = report.calls.find((call) => call.method === method)?.answer;
  return JSON.parse(JSON.stringify(answer), (_, value: unknown) => {
    if (typeof value !== "string") {
      return value;
    }
    return value.startsWith("{") ? JSON.parse(value) : value.replace(/ \*(?=\w+(\.\w+)?$)/, " ");
  });
}

/** Writes about 140 MB, which the plugin reads for longer than it may take to notice. */
async function writeLargeCsv(path: string): Promise<void> {
  const block = "2024-01-01T00:00:00Z,1234.5678,some city name\n".repeat(50_000);
  await pipeline(Readable.from(["time,value,city\n", ...Array<string>(60).fill(block)]), createWriteStream(path));
}
