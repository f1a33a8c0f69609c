import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { callUnary } from "@framewright/host";
import { HealthService } from "@framewright/protocol";
import { createCertificate, decodeServerCert } from "@framewright/protocol/certificate";
import { type Client, credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missingGo } from "../src/go-tools.js";
import { type Http2Result, listHttp2Cases, runHttp2Cases } from "../src/h2spec.js";
import { buildProbe } from "../src/probe-plugin.js";
import { hostEnv, type RawPlugin, startRaw } from "../src/raw-plugin.js";
import { temporaryFolder } from "../src/temporary-folder.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: the plugin's HTTP/2 was not held against h2spec: ${reason}`);
}

const noBody = "a GET is answered with 415 and no body, so there is no DATA frame to hold back";

/**
 * The cases of h2spec that find nothing in a plugin to be put to, each with the reason and with the case of ours that asks the same
 * of a gRPC call's answer.
 */
const notPut: Readonly<Record<string, { readonly why: string; readonly instead?: string }>> = {
  "generic/2/2": { why: noBody, instead: "grpc/6.9.1/2" },
  "generic/2/3": { why: noBody, instead: "grpc/5.1/1" },
  "http2/5.1.2/1": {
    why: "no SETTINGS_MAX_CONCURRENT_STREAMS is announced, as by gRPC's server in Go: there is no limit to exceed",
  },
  "http2/6.5.3/1": { why: noBody, instead: "grpc/6.5.3/1" },
  "http2/6.9.1/1": { why: noBody, instead: "grpc/6.9.1/1" },
  "http2/6.9.2/1": { why: noBody, instead: "grpc/6.9.2/1" },
  "http2/6.9.2/2": { why: noBody, instead: "grpc/6.9.2/2" },
};

const cases = reason === undefined ? await listHttp2Cases() : [];

describe.skipIf(reason !== undefined).each([
  { title: "as Grafana connects to it", autoMtls: false },
  { title: "with AutoMTLS", autoMtls: true },
])("a compiled plugin's HTTP/2, $title", ({ autoMtls }) => {
  let plugin: RawPlugin;
  let client: Client;
  let results: ReadonlyMap<string, Http2Result>;

  // With a server that answers nothing every case takes its whole time.
  beforeAll(async () => {
    const { executable } = await buildProbe();
    if (autoMtls) {
      const host = await createCertificate();
      plugin = await startRaw(executable, { ...hostEnv, PLUGIN_CLIENT_CERT: host.cert });
      const server = decodeServerCert(plugin.handshake.serverCert);
      const [key, cert] = [Buffer.from(host.key), Buffer.from(host.cert)];
      client = plugin.connect(credentials.createSsl(Buffer.from(server), key, cert));
      await using folder = await temporaryFolder();
      results = await run(
        ...["--server-cert", await folder.write("server.pem", server), "--cert", await folder.write("cert.pem", cert)],
        ...["--key", await folder.write("key.pem", key, 0o600)],
      );
    } else {
      plugin = await startRaw(executable);
      client = plugin.client;
      results = await run();
    }
  }, 1_000_000);

  afterAll(() => plugin?.[Symbol.asyncDispose]());

  for (const { id, section, description, requirement } of cases.filter(({ id }) => !(id in notPut))) {
    test(`${id}, ${section}: ${description}`, () => {
      const { outcome, expected = [], actual } = resultOf(id);
      const difference = `Expected: ${expected.join(", or ")}. Received: ${actual ?? "nothing"}`;
      expect(outcome, `${requirement} ${difference}`).toBe("passed");
    });
  }

  test("h2spec skips what stands above, and no more; another case stands in for it", () => {
    const skipped = [...results.values()].filter(({ outcome }) => outcome === "skipped");
    expect(skipped.map(({ id }) => id)).toEqual(Object.keys(notPut));
    for (const { instead } of Object.values(notPut)) {
      expect(instead === undefined || resultOf(instead).outcome !== "skipped", instead).toBe(true);
    }
  });

  test("is served on by the same process, which has logged no error", async () => {
    expect(await callUnary(client, HealthService.check, { service: "plugin" })).toEqual({ status: 1 });
    expect(plugin.noise).toEqual([]);
    expect(plugin.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  async function run(...flags: string[]): Promise<ReadonlyMap<string, Http2Result>> {
    const all = await runHttp2Cases(plugin.handshake.address, ...flags);
    return new Map(all.map((result) => [result.id, result]));
  }

  function resultOf(id: string): Http2Result {
    const result = results.get(id);
    if (result === undefined) {
      throw new Error(`There is no result of ${id}.`);
    }
    return result;
  }
});

describe.skipIf(reason !== undefined)("the cases would not pass", () => {
  test("with a server that closes every connection", async () => {
    const server = createServer((socket) => void socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    for (const id of ["http2/6.7/4", "grpc/6.9.1/1"]) {
      expect(await runHttp2Cases(`127.0.0.1:${port}`, "--case", id)).toMatchObject([{ id, outcome: "failed" }]);
    }
    await new Promise((resolve) => server.close(resolve));
  });

  test("with no server, nor is there a report", async () => {
    await using folder = await temporaryFolder();
    await expect(runHttp2Cases(join(folder.path, "none.sock"), "--case", "http2/6.7/4")).rejects.toThrow(
      /takes no connection/,
    );
  });
});
