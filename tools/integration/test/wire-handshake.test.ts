import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "@framewright/cli/compiler";
import { callUnary, locatePlugin } from "@framewright/host";
import { HealthService } from "@framewright/protocol";
import { createCertificate, decodeServerCert } from "@framewright/protocol/certificate";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csvDist } from "../src/csv-plugin.js";
import { hostEnv, type RawPlugin, startRaw } from "../src/raw-plugin.js";
import { type TemporaryFolder, temporaryFolder } from "../src/temporary-folder.js";

const { executable } = await locatePlugin(csvDist);

/** What the plugin answers to go-plugin's health check, on a connection of its own. */
async function health(plugin: RawPlugin, as?: ChannelCredentials): Promise<number> {
  const client = plugin.connect(as);
  const { status } = await callUnary(client, HealthService.check, { service: "plugin" }, { timeoutMs: 3_000 });
  return status;
}

const SERVING = 1;

describe("the cookie", () => {
  test.each([
    ["is missing", {}],
    ["is another plugin system's", { grafana_plugin_type: "renderer" }],
  ])("that %s: a friendly text on stderr, code 1, nothing on stdout", (_, env) => {
    const run = spawnSync(executable, { env: { PLUGIN_PROTOCOL_VERSIONS: "2", ...env }, encoding: "utf8" });
    expect([run.status, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toMatch(/^This is the backend of the Grafana plugin framewright-csv-datasource\./);
  });
});

describe("the line", () => {
  test("has six fields: core version 1, protocol 2, unix, a path, grpc, and no certificate", async () => {
    await using plugin = await startRaw(executable);
    expect(plugin.line).toMatch(/^1\|2\|unix\|\/[^|]+\|grpc\|$/);
    expect(await health(plugin)).toBe(SERVING);
  });

  test.each([
    ["the host's only version", "2"],
    ["the highest common one", "1,2,3"],
    ["the plugin's lowest, where there is none in common", "7,8"],
    ["the plugin's lowest, where the host names no number", "latest"],
    ["the plugin's lowest, where the host says nothing", undefined],
  ])("answers with %s", async (_, versions) => {
    const { PLUGIN_PROTOCOL_VERSIONS: _versions, ...cookie } = hostEnv;
    const env = versions === undefined ? cookie : { ...cookie, PLUGIN_PROTOCOL_VERSIONS: versions };
    await using plugin = await startRaw(executable, env);
    expect(plugin.handshake.protocolVersion).toBe(2);
  });

  test("has a seventh field where the host knows of multiplexing, which this broker does not do", async () => {
    await using asked = await startRaw(executable, { ...hostEnv, PLUGIN_MULTIPLEX_GRPC: "true" });
    expect(asked.line).toMatch(/\|grpc\|\|false$/);
    await using notAsked = await startRaw(executable, { ...hostEnv, PLUGIN_MULTIPLEX_GRPC: "" });
    expect(notAsked.line).toMatch(/\|grpc\|$/);
  });

  test("is all there ever is on stdout, and every log line is one of hclog's", async () => {
    await using plugin = await startRaw(executable);
    await health(plugin);
    plugin.kill("SIGTERM");
    await plugin.exited;
    expect(plugin.logged("the plugin ends")).toBeDefined();
    expect([plugin.stdout, plugin.noise]).toEqual([[], []]);
  });
});

describe("the socket", () => {
  test("lies in the temporary folder, where the host names none", async () => {
    await using folder = await temporaryFolder();
    await using named = await startRaw(executable, { ...hostEnv, TMPDIR: folder.path });
    expect(dirname(named.handshake.address)).toBe(folder.path);
    await using unnamed = await startRaw(executable);
    expect(dirname(unnamed.handshake.address)).toBe(tmpdir());
  });

  test("lies in the host's folder and is the owner's alone, whatever the umask", async () => {
    await using folder = await temporaryFolder();
    const env = { ...hostEnv, PLUGIN_UNIX_SOCKET_DIR: folder.path };
    await using strict = await startRaw("/bin/sh", env, ["-c", `umask 777; exec ${executable}`]);
    await using loose = await startRaw("/bin/sh", env, ["-c", `umask 0; exec ${executable}`]);
    for (const plugin of [strict, loose]) {
      expect(dirname(plugin.handshake.address)).toBe(folder.path);
      expect((await stat(plugin.handshake.address)).mode & 0o777).toBe(0o600);
    }
  });

  test("is opened to the group that the host names, by name or by number", async () => {
    const [name = "", , id = ""] = readFileSync("/etc/group", "utf8").split("\n")[1]?.split(":") ?? [];
    for (const group of [name, id]) {
      await using plugin = await startRaw(executable, { ...hostEnv, PLUGIN_UNIX_SOCKET_GROUP: group });
      const socket = await stat(plugin.handshake.address);
      expect([socket.gid, socket.mode & 0o777]).toEqual([Number(id), 0o660]);
    }
  });

  test.each([
    ["a group that is not there", { PLUGIN_UNIX_SOCKET_GROUP: "no-such-group" }, /no group is called "no-such-group"/],
    ["a folder that is not there", { PLUGIN_UNIX_SOCKET_DIR: "/no/such/folder" }, /\/no\/such\/folder/],
    ["a path too long for a socket", { PLUGIN_UNIX_SOCKET_DIR: `/tmp/${"x".repeat(100)}` }, /longer than 107 bytes/],
  ])("refuses %s in words, and leaves nothing behind", async (_, env, reason) => {
    await using folder = await temporaryFolder();
    await expect(startRaw(executable, { ...hostEnv, PLUGIN_UNIX_SOCKET_DIR: folder.path, ...env })).rejects.toThrow(
      reason,
    );
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe("AutoMTLS", () => {
  test("the sixth field is a certificate, and only the host's own gets in", async () => {
    const [host, stranger] = await Promise.all([createCertificate(), createCertificate()]);
    await using folder = await temporaryFolder();
    // Neither the machine's certificate authorities nor further ones of the environment may let a stranger in.
    const authority = await folder.write("authority.pem", stranger.cert);
    const env = { ...hostEnv, PLUGIN_CLIENT_CERT: host.cert, NODE_EXTRA_CA_CERTS: authority, SSL_CERT_FILE: authority };
    await using plugin = await startRaw(executable, env);
    const server = Buffer.from(decodeServerCert(plugin.handshake.serverCert));
    const as = (client?: typeof host): ChannelCredentials =>
      client === undefined
        ? credentials.createSsl(server)
        : credentials.createSsl(server, Buffer.from(client.key), Buffer.from(client.cert));

    expect(await health(plugin, as(host))).toBe(SERVING);
    for (const other of [as(stranger), as(), credentials.createInsecure()]) {
      await expect(health(plugin, other)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    }
    expect(await health(plugin, as(host))).toBe(SERVING);
  });

  test("each start has a certificate of its own", async () => {
    const { cert } = await createCertificate();
    await using one = await startRaw(executable, { ...hostEnv, PLUGIN_CLIENT_CERT: cert });
    await using two = await startRaw(executable, { ...hostEnv, PLUGIN_CLIENT_CERT: cert });
    expect(one.handshake.serverCert).not.toBe(two.handshake.serverCert);
  });

  test.each(["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "certificate"])(
    "refuses what is no certificate in words: %j",
    async (cert) => {
      const start = startRaw(executable, { ...hostEnv, PLUGIN_CLIENT_CERT: cert });
      await expect(start).rejects.toThrow(/PLUGIN_CLIENT_CERT holds no certificate/);
    },
  );
});

// A binary knows the system that it was compiled for, so this is its code in Node, told that the system is Windows.
describe("the address on Windows", () => {
  let folder: TemporaryFolder;
  let args: readonly string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    const bundle = join(folder.path, "backend.mjs");
    await bundleForNode(fileURLToPath(new URL("../../../plugins/csv/backend/main.ts", import.meta.url)), bundle);
    const windows = 'Object.defineProperty(process, "platform", { value: "win32" });';
    args = ["--require", await folder.write("windows.cjs", windows), bundle];
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  test.each([
    ["absent", {}],
    ["0", { PLUGIN_MIN_PORT: "0", PLUGIN_MAX_PORT: "0" }],
  ])("is any free port of this machine's own address, where the range is %s", async (_, range) => {
    await using plugin = await startRaw(process.execPath, { ...hostEnv, ...range }, args);
    expect(plugin.line).toMatch(/^1\|2\|tcp\|127\.0\.0\.1:[1-9]\d*\|grpc\|$/);
    expect(await health(plugin)).toBe(SERVING);
  });

  test("is the first free port of the host's range", async () => {
    await using taken = await takePort();
    // Enough of them that one is free.
    const [min, max] = [taken.port, Math.min(taken.port + 100, 65_535)];
    const range = { PLUGIN_MIN_PORT: String(min), PLUGIN_MAX_PORT: String(max) };
    await using plugin = await startRaw(process.execPath, { ...hostEnv, ...range }, args);
    const port = Number(plugin.handshake.address.split(":")[1]);
    expect(port).toBeGreaterThan(min);
    expect(port).toBeLessThanOrEqual(max);
    expect(await health(plugin)).toBe(SERVING);
  });

  test("is refused in words where no port of the range is free, with code 1", async () => {
    await using taken = await takePort();
    const range = { PLUGIN_MIN_PORT: String(taken.port), PLUGIN_MAX_PORT: String(taken.port) };
    const start = startRaw(process.execPath, { ...hostEnv, ...range }, args);
    await expect(start).rejects.toThrow(`no port from ${taken.port} to ${taken.port} is free`);
    await expect(start).rejects.toThrow("exited with 1 ");
  });
});

/** Takes a port of this machine. */
async function takePort(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, [Symbol.asyncDispose]: close };
}
