import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { copyFile, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { locatePlugin, startPlugin } from "@framewright/host";
import { describe, expect, test } from "vitest";
import { csvContext, csvDist, startCsv } from "../src/csv-plugin.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { vegaFolder } from "../src/vega-datasets.js";

const { executable } = await locatePlugin(csvDist);

describe("the build", () => {
  test("is what Grafana installs: plugin.json and the executable it names", async () => {
    expect(await readdir(csvDist)).toEqual(expect.arrayContaining(["plugin.json", basename(executable)]));
    expect(basename(executable)).toMatch(/^gpx_csv_(linux|darwin|windows)_(amd64|arm64)(\.exe)?$/);
  });

  test("needs nothing beside it: the executable alone in an empty folder serves", async () => {
    await using folder = await temporaryFolder();
    const copy = join(folder.path, basename(executable));
    await copyFile(executable, copy);
    await using plugin = await startPlugin({ executable: copy, env: { PLUGIN_UNIX_SOCKET_DIR: folder.path } });
    const answers = await plugin.queryData({
      context: csvContext({ folder: vegaFolder }),
      queries: [{ refId: "A", json: { file: "airports.csv" } }],
    });
    expect(answers.get("A")).toMatchObject({ status: 200, error: undefined });
    expect(answers.get("A")?.frames[0]?.length).toBe(3376);
  });
});

describe("start", () => {
  test("by hand says what this is and exits with 1", async () => {
    const child = spawn(executable, { env: {}, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk));
    child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk));
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(text.stdout).toBe("");
    expect(text.stderr).toMatch(/framewright-csv-datasource/);
    expect(text.stderr).toMatch(/Grafana starts it/);
  });

  test("puts an owner-only socket where the host wants it, and answers the health service", async () => {
    await using folder = await temporaryFolder();
    await using csv = await startCsv({ PLUGIN_UNIX_SOCKET_DIR: folder.path });
    expect(csv.plugin.handshake).toMatchObject({ protocolVersion: 2, network: "unix", serverCert: "" });
    expect(csv.plugin.handshake.address.startsWith(folder.path)).toBe(true);
    expect((await stat(csv.plugin.handshake.address)).mode & 0o777).toBe(0o600);
    expect(await csv.plugin.isServing()).toBe(true);
  });

  test("opens the socket to the group that the host names", async () => {
    const [name = "", , id = ""] = readFileSync("/etc/group", "utf8").split("\n")[1]?.split(":") ?? [];
    for (const group of [name, id]) {
      await using csv = await startCsv({ PLUGIN_UNIX_SOCKET_GROUP: group });
      const socket = await stat(csv.plugin.handshake.address);
      expect([socket.gid, socket.mode & 0o777]).toEqual([Number(id), 0o660]);
    }
    await expect(startCsv({ PLUGIN_UNIX_SOCKET_GROUP: "no-such-group" })).rejects.toThrow(/no group is called/);
  });
});

describe("end", () => {
  test("on Shutdown: code 0, in time, nothing left behind", async () => {
    await using folder = await temporaryFolder();
    const csv = await startCsv({ PLUGIN_UNIX_SOCKET_DIR: folder.path });
    await csv.plugin.checkHealth(csvContext({ folder: folder.path }));
    expect(await csv.plugin.stop()).toEqual({ code: 0, signal: undefined, killed: false });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("SIGTERM ends it like Shutdown, SIGINT does not", async () => {
    await using folder = await temporaryFolder();
    const csv = await startCsv({ PLUGIN_UNIX_SOCKET_DIR: folder.path });
    process.kill(csv.plugin.pid, "SIGINT");
    expect(await csv.plugin.isServing()).toBe(true);
    process.kill(csv.plugin.pid, "SIGTERM");
    expect(await csv.plugin.exited).toEqual({ code: 0, signal: undefined });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("SIGHUP ends it too", async () => {
    await using folder = await temporaryFolder();
    const csv = await startCsv({ PLUGIN_UNIX_SOCKET_DIR: folder.path });
    process.kill(csv.plugin.pid, "SIGHUP");
    expect(await csv.plugin.exited).toEqual({ code: 0, signal: undefined });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("does not outlive a host that is gone before the handshake", async () => {
    await using folder = await temporaryFolder();
    const child = spawn(executable, {
      env: { grafana_plugin_type: "datasource", PLUGIN_UNIX_SOCKET_DIR: folder.path },
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.destroy();
    const [code] = await once(child, "exit", { signal: AbortSignal.timeout(5_000) });
    expect(code).toBe(0);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("follows a host that was killed", async () => {
    await using folder = await temporaryFolder();
    const host = execFile(process.execPath, [
      fileURLToPath(new URL("../src/doomed-host.mjs", import.meta.url)),
      executable,
      folder.path,
    ]);
    const [line] = await once(host.stdout ?? host, "data");
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    host.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

test("nothing the plugin prints after the handshake reaches stdout, and its log is hclog JSON", async () => {
  await using csv = await startCsv();
  await csv.plugin.queryData({ context: csvContext({}), queries: [{ refId: "A", json: {} }] });
  await csv.plugin.stop();
  expect(csv.logs.map((entry) => entry.message)).toContain("query failed");
  expect(csv.logs.filter((entry) => entry.time === undefined)).toEqual([]);
});

test("metrics come in Prometheus' text format", async () => {
  await using csv = await startCsv();
  const metrics = await csv.plugin.collectMetrics(csvContext({}));
  expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
