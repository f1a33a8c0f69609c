import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  type LogEntry,
  type Plugin,
  PluginCallError,
  PluginStartError,
  type StartOptions,
  startPlugin,
} from "../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "framewright-host-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A handshake for a socket at which nobody listens. */
const handshake = `1|2|unix|${join(folder, "nobody")}|grpc|`;

/** Starts a Node program in place of a plugin. */
function start(program: string, options: Partial<StartOptions> = {}): Promise<Plugin> {
  return startPlugin({ executable: process.execPath, args: ["-e", program], startTimeoutMs: 10_000, ...options });
}

async function startError(program: string, options?: Partial<StartOptions>): Promise<PluginStartError> {
  const error: unknown = await start(program, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PluginStartError) {
    return error;
  }
  throw new Error(`expected a PluginStartError, got ${String(error)}`);
}

describe("a start that fails says why", () => {
  it("when there is no such executable", async () => {
    const missing = join(folder, "gpx_missing");
    await expect(startPlugin({ executable: missing })).rejects.toThrow(PluginStartError);
    await expect(startPlugin({ executable: missing })).rejects.toThrow(/gpx_missing cannot be run: .*ENOENT/);
  });

  it("when the plugin ends before its handshake, with its stderr", async () => {
    const error = await startError(`console.error("no licence\\nfound"); process.exit(3)`);
    expect(error.message).toMatch(/exited with code 3 before its handshake\n {2}\| no licence\n {2}\| found$/);
    expect(error.exit).toEqual({ code: 3, signal: undefined });
    expect(error.stderr).toBe("no licence\nfound");
  });

  it("when it ends well without having served anything", async () => {
    expect((await startError("")).message).toMatch(
      /exited with code 0 before its handshake; does its main module serve/,
    );
  });

  it("when it prints something else first", async () => {
    const error = await startError(`console.log("Starting..."); setInterval(() => {}, 1000)`);
    expect(error.message).toMatch(/got "Starting\.\.\."; a plugin must print nothing else on stdout/);
  });

  it("when it speaks another protocol version", async () => {
    const error = await startError(`console.log("1|1|unix|/x|grpc|"); setInterval(() => {}, 1000)`);
    expect(error.message).toMatch(/protocol version 1, not 2/);
  });

  it("when it stays silent, and ends it", async () => {
    const pidFile = join(folder, "pid");
    const program = `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const error = await startError(program, { startTimeoutMs: 1_000 });
    expect(error.message).toMatch(/printed no handshake within 1000 ms/);
    expect(() => process.kill(Number(readFileSync(pidFile, "utf8")), 0)).toThrow(/ESRCH/);
  });

  it("in time when it closes its stdout without a word and lives on", async () => {
    const program = `require("fs").closeSync(1); console.error("closed"); setInterval(() => {}, 1000)`;
    const error = await startError(program, { startTimeoutMs: 1_000 });
    expect(error.message).toMatch(/printed no handshake within 1000 ms/);
    const controller = new AbortController();
    const onLog = () => void setTimeout(() => controller.abort(new Error("changed my mind")), 50);
    await expect(start(program, { signal: controller.signal, onLog })).rejects.toThrow("changed my mind");
  });

  it("in time even when a process it left behind holds its output open", async () => {
    const program = `
      require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 8000)"], { stdio: "inherit", detached: true }).unref();
      setInterval(() => {}, 1000);`;
    const started = performance.now();
    await startError(program, { startTimeoutMs: 1_000 });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("when the caller gives up", async () => {
    const reason = new Error("changed my mind");
    const signal = AbortSignal.timeout(100);
    await expect(start("setInterval(() => {}, 1000)", { signal })).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(start("", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a running plugin", () => {
  it("gets the handshake's variables and nothing of the host's own environment", async () => {
    process.env["FRAMEWRIGHT_TEST_SECRET"] = "hunter2";
    const logs: LogEntry[] = [];
    const program = `console.error(JSON.stringify({ "@level": "info", "@message": "env", env: process.env })); console.log(${JSON.stringify(handshake)}); setTimeout(() => {}, 200)`;
    const plugin = await start(program, { env: { GF_VERSION: "12.0.0" }, onLog: (entry) => logs.push(entry) });
    await plugin.exited;
    delete process.env["FRAMEWRIGHT_TEST_SECRET"];
    expect(logs[0]?.fields["env"]).toMatchObject({
      grafana_plugin_type: "datasource",
      PLUGIN_PROTOCOL_VERSIONS: "2",
      GF_VERSION: "12.0.0",
    });
    expect(JSON.stringify(logs)).not.toContain("hunter2");
  });

  it("hands on hclog lines with their level, and plain ones with the level that go-plugin gives them", async () => {
    const logs: LogEntry[] = [];
    const program = `
      console.error('{"@level":"warn","@message":"slow","ms":5}');
      console.error("[INFO] listening");
      console.error("plain");
      console.error("panic: boom");
      console.error("goroutine 1 [running]:");
      console.error("x".repeat(100_000));
      console.log(${JSON.stringify(handshake)});
      console.log("stray");`;
    const plugin = await start(program, { onLog: (entry) => logs.push(entry) });
    await plugin.exited;
    expect(logs).toContainEqual({ level: "warn", message: "slow", time: undefined, fields: { ms: 5 } });
    const plain = logs.filter(({ fields }) => Object.keys(fields).length === 0);
    expect(plain.map(({ level, message }) => [level, message.length > 100 ? message.length : message])).toEqual(
      expect.arrayContaining([
        ["info", "[INFO] listening"],
        ["debug", "plain"],
        ["error", "panic: boom"],
        ["error", "goroutine 1 [running]:"],
        ["debug", 64 * 1024],
        ["debug", 100_000 - 64 * 1024],
        ["debug", "stray"],
      ]),
    );
  });

  it("that nobody can reach answers calls with an error, not with silence", async () => {
    const plugin = await start(`console.log(${JSON.stringify(handshake)}); setInterval(() => {}, 1000)`);
    const call = plugin.checkHealth({ pluginId: "x" }, { timeoutMs: 2_000 });
    await expect(call).rejects.toThrow(PluginCallError);
    await expect(call).rejects.toMatchObject({ code: expect.stringMatching(/^(UNAVAILABLE|DEADLINE_EXCEEDED)$/) });
    await plugin.stop();
  });

  it("that ignores Shutdown is killed after 2 s", async () => {
    const program = `
      const server = require("net").createServer(() => {});
      server.listen(0, "127.0.0.1", () => console.log("1|2|tcp|127.0.0.1:" + server.address().port + "|grpc|"));
      process.on("SIGTERM", () => {});`;
    const plugin = await start(program);
    const started = performance.now();
    expect(await plugin.stop()).toMatchObject({ signal: "SIGKILL", killed: true });
    expect(performance.now() - started).toBeGreaterThanOrEqual(1_990);
  });

  it.runIf(process.platform !== "win32")("that was killed leaves no socket behind", async () => {
    const socket = join(folder, "stubborn");
    const program = `
      const socket = ${JSON.stringify(socket)};
      require("net").createServer(() => {}).listen(socket, () => console.log("1|2|unix|" + socket + "|grpc|"));`;
    const plugin = await start(program);
    expect(existsSync(socket)).toBe(true);
    process.kill(plugin.pid, "SIGKILL");
    await plugin.exited;
    expect(existsSync(socket)).toBe(false);
  });

  it("can be stopped twice", async () => {
    const plugin = await start(`console.log(${JSON.stringify(handshake)})`);
    const [first, second] = await Promise.all([plugin.stop(), plugin.stop()]);
    expect(first).toEqual({ code: 0, signal: undefined, killed: false });
    expect(second).toEqual(first);
  });
});
