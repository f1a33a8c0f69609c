import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { callUnary, locatePlugin, toWireContext } from "@framewright/host";
import {
  ControllerService,
  DataService,
  HealthService,
  PublishStreamRequest,
  QueryDataRequest,
  StreamService,
} from "@framewright/protocol";
import { createCertificate } from "@framewright/protocol/certificate";
import { Client, credentials } from "@grpc/grpc-js";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { framewright } from "../src/build-plugin.js";
import { csvDist } from "../src/csv-plugin.js";
import { buildProbe, probeContext } from "../src/probe-plugin.js";
import { processorSeconds } from "../src/processor-seconds.js";
import { type Exit, hostEnv, type RawPlugin, startRaw } from "../src/raw-plugin.js";
import { type TemporaryFolder, temporaryFolder } from "../src/temporary-folder.js";

const ADDRESS_VARIABLE = "GF_PLUGIN_GRPC_ADDRESS_FRAMEWRIGHT_PROBE_DATASOURCE";

const probe = fileURLToPath(new URL("../probe", import.meta.url));

let built: string;
/** A copy of the probe's dist/, since files are put beside the executable. */
let dist: TemporaryFolder;
let executable: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  built = (await buildProbe()).executable;
});

beforeEach(async () => {
  dist = await temporaryFolder();
  await cp(join(built, ".."), dist.path, { recursive: true });
  executable = join(dist.path, basename(built));
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
  }
  await dist[Symbol.asyncDispose]();
});

/** A plugin that runs on its own. */
interface Standalone {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  readonly stderr: () => string;
}

/** Starts the plugin on its own, and waits until it says so or has ended. */
async function startStandalone(
  env: Readonly<Record<string, string>> = {},
  [command, ...args]: readonly [string, ...string[]] = [executable, "--standalone"],
  cwd = dist.path,
): Promise<Standalone> {
  const child = spawn(command, args, { env, cwd, stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const exited = once(child, "close").then(([code, signal]): Exit => ({ code, signal }));
  const ready = expect.poll(() => stderr, { timeout: 10_000, interval: 20 }).toMatch(/Grafana finds it/);
  await Promise.race([ready, exited]);
  return { child, exited, stderr: () => stderr };
}

/** The same program as one bundle in Node, in a plugin's folder that has its dist/ beside the sources. */
async function startInNode(folder: string): Promise<Standalone> {
  const bundle = join(folder, "backend.mjs");
  await promisify(execFile)(process.execPath, [framewright, "bundle", probe, "--out", bundle]);
  await cp(dist.path, join(folder, "dist"), { recursive: true });
  return startStandalone({}, [process.execPath, "--enable-source-maps", bundle, "-standalone"], folder);
}

async function files(): Promise<string[]> {
  return (await readdir(dist.path)).filter((name) => name.endsWith(".txt"));
}

/** What the probe answers to a publication, whoever runs it. */
async function echoed(client: Client): Promise<string> {
  const request = PublishStreamRequest.fromPartial({ data: Buffer.from('"echo"') });
  const { data } = await callUnary(client, StreamService.publishStream, request, { timeoutMs: 5_000 });
  return Buffer.from(data).toString();
}

const sentAway = (plugin: RawPlugin): boolean => plugin.handshake.network === "tcp";

describe("a plugin that runs on its own", () => {
  test("is where the next one sends its host, until it ends", async () => {
    const standalone = await startStandalone();
    const address = await readFile(join(dist.path, "standalone.txt"), "utf8");
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await readFile(join(dist.path, "pid.txt"), "utf8")).toBe(String(standalone.child.pid));
    expect((await stat(join(dist.path, "standalone.txt"))).mode & 0o777).toBe(0o600);

    await using plugin = await startRaw(executable);
    expect(plugin.line).toBe(`1|2|tcp|${address}|grpc|`);
    expect(await echoed(plugin.client)).toBe('"echo"');
    expect(plugin.stdout).toEqual([]);

    standalone.child.kill("SIGINT");
    expect(await standalone.exited).toEqual({ code: 0, signal: null });
    expect(await files()).toEqual([]);
    // The host sees its plugin end, and starts another, which serves itself.
    expect(await plugin.exited).toEqual({ code: 0, signal: null });
    await using next = await startRaw(executable);
    expect(sentAway(next)).toBe(false);
  });

  test("survives its host's Shutdown; the process that the host started ends on SIGTERM", async () => {
    const standalone = await startStandalone();
    await using plugin = await startRaw(executable);
    await callUnary(plugin.client, ControllerService.shutdown, {});
    plugin.kill("SIGINT");
    plugin.kill("SIGTERM");
    expect(await plugin.exited).toEqual({ code: 0, signal: null });
    await using next = await startRaw(executable);
    expect(await echoed(next.client)).toBe('"echo"');
    expect(standalone.child.exitCode).toBeNull();
  });

  test("ends the one that Grafana runs, so that it is started anew", async () => {
    await using plugin = await startRaw(executable);
    expect(sentAway(plugin)).toBe(false);
    await using other = await startRaw(built);
    await startStandalone();
    expect(await plugin.exited).toEqual({ code: 0, signal: null });
    // Another plugin's process, of the same program in another place, is left alone.
    expect(await callUnary(other.client, HealthService.check, { service: "plugin" })).toEqual({ status: 1 });
  });

  test("runs in Node just as well, from the plugin's folder", async () => {
    await using folder = await temporaryFolder();
    const standalone = await startInNode(folder.path);
    await using plugin = await startRaw(join(folder.path, "dist", basename(built)));
    expect(sentAway(plugin)).toBe(true);
    expect(await echoed(plugin.client)).toBe('"echo"');
    // The bundle's source map leads to the author's files.
    const pluginContext = toWireContext(probeContext());
    const queries = [{ refId: "A", json: Buffer.from('{"error":{"message":"on purpose"}}') }];
    await callUnary(plugin.client, DataService.queryData, QueryDataRequest.fromPartial({ pluginContext, queries }));
    expect(standalone.stderr()).toMatch(/on purpose.*probe\/backend\/query\.ts:\d+/);
  });

  test.each(["compiled", "in Node"])(
    "serves on, and stays idle, when nobody reads its log any more: %s",
    async (how) => {
      await using folder = await temporaryFolder();
      const { child } = how === "compiled" ? await startStandalone() : await startInNode(folder.path);
      child.stderr?.destroy();
      await using plugin = await startRaw(how === "compiled" ? executable : join(folder.path, "dist", basename(built)));
      const broken = PublishStreamRequest.fromPartial({ path: "broken" });
      // Each of these calls is logged, into a pipe that is closed.
      for (let call = 0; call < 3; call++) {
        await expect(callUnary(plugin.client, StreamService.publishStream, broken)).rejects.toThrow();
      }
      const before = processorSeconds(child.pid ?? 0);
      await setTimeout(1_000);
      expect(processorSeconds(child.pid ?? 0) - before).toBeLessThan(0.5);
      expect(await echoed(plugin.client)).toBe('"echo"');
    },
  );

  test("is the only one", async () => {
    const first = await startStandalone();
    const second = await startStandalone();
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toMatch(`runs on its own already, at 127.0.0.1:`);
    expect(second.stderr()).toMatch(`as process ${first.child.pid}: end that one first`);
    expect(await files()).toHaveLength(2);
  });

  test("says what it misses when it is not in a plugin's folder", async () => {
    await using empty = await temporaryFolder();
    await cp(executable, join(empty.path, "gpx"));
    const lost = await startStandalone({}, [join(empty.path, "gpx"), "--standalone"], empty.path);
    expect(await lost.exited).toEqual({ code: 1, signal: null });
    expect(lost.stderr()).toMatch(/no plugin\.json with the id framewright-probe-datasource in /);
  });
});

describe("files that a killed one left", () => {
  test("are removed by the next start, which serves itself", async () => {
    const standalone = await startStandalone();
    standalone.child.kill("SIGKILL");
    await standalone.exited;
    expect(await files()).toHaveLength(2);
    await using plugin = await startRaw(executable);
    expect(sentAway(plugin)).toBe(false);
    expect(await files()).toEqual([]);
  });

  test("mislead no one when the system has given the process id to another process", async () => {
    await dist.write("standalone.txt", "127.0.0.1:1");
    await dist.write("pid.txt", String(process.pid));
    await using plugin = await startRaw(executable);
    expect(sentAway(plugin)).toBe(false);
    await dist.write("standalone.txt", "127.0.0.1:1");
    await startStandalone();
    await using next = await startRaw(executable);
    expect(await echoed(next.client)).toBe('"echo"');
  });

  test.each(["", "nonsense", "127.0.0.1:99999999"])("do no harm when they hold %j", async (text) => {
    await dist.write("standalone.txt", text);
    await using plugin = await startRaw(executable);
    expect(sentAway(plugin)).toBe(false);
  });
});

describe(ADDRESS_VARIABLE, () => {
  test("fixes the address for both", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const env = { [ADDRESS_VARIABLE]: address };
    // Whichever of the two starts first.
    await using early = await startRaw(executable, { ...hostEnv, ...env });
    expect(early.handshake.address).toBe(address);
    await startStandalone(env);
    await setTimeout(200);
    expect(await echoed(early.connect())).toBe('"echo"');
  });

  test("without a host stands for every address of the machine, as in Go", async () => {
    const port = await freePort();
    const env = { [ADDRESS_VARIABLE]: `:${port}` };
    await startStandalone(env);
    expect(await readFile(join(dist.path, "standalone.txt"), "utf8")).toBe(`127.0.0.1:${port}`);
    const client = new Client(`127.0.0.2:${port}`, credentials.createInsecure());
    expect(await echoed(client)).toBe('"echo"');
    client.close();
    await using plugin = await startRaw(executable, { ...hostEnv, ...env });
    expect(await echoed(plugin.client)).toBe('"echo"');
  });

  test("that is no address, or one that is taken, is refused in words", async () => {
    const wrong = await startStandalone({ [ADDRESS_VARIABLE]: "here" });
    expect(await wrong.exited).toEqual({ code: 1, signal: null });
    expect(wrong.stderr()).toMatch(/is not an address such as/);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const taken = await startStandalone({ [ADDRESS_VARIABLE]: `127.0.0.1:${portOf(server.address())}` });
    expect(await taken.exited).toEqual({ code: 1, signal: null });
    expect(taken.stderr()).toMatch(/EADDRINUSE/);
    server.close();
    expect(await files()).toEqual([]);
  });
});

test("a host that asks for AutoMTLS is served by the plugin it started", async () => {
  await startStandalone();
  const { cert } = await createCertificate();
  await using plugin = await startRaw(executable, { ...hostEnv, PLUGIN_CLIENT_CERT: cert });
  expect([sentAway(plugin), plugin.handshake.serverCert === ""]).toEqual([false, false]);
  expect(plugin.logs.find(({ level }) => level === "warn")?.message).toMatch(/AutoMTLS/);
});

describe("--version and --buildinfo", () => {
  test("print what was built, and nothing else", async () => {
    const csv = await locatePlugin(csvDist);
    const manifest: unknown = JSON.parse(
      await readFile(new URL("../../../plugins/csv/package.json", import.meta.url), "utf8"),
    );
    const version =
      typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : undefined;
    const run = (...args: string[]) => spawnSync(csv.executable, args, { env: {}, encoding: "utf8" });
    for (const flag of ["--version", "-version"]) {
      expect(run(flag)).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
    }
    const info = run("--buildinfo");
    expect([info.status, info.stderr]).toEqual([0, ""]);
    expect(JSON.parse(info.stdout)).toMatchObject({
      pluginID: "framewright-csv-datasource",
      version,
      sdkVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      time: expect.any(Number),
    });
  });

  test("say so where nothing was put in", () => {
    const run = spawnSync(executable, ["--version"], { env: {}, encoding: "utf8" });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/the version is not known/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
