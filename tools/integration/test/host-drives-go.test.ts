import { valueAt } from "@framewright/data";
import { type LogEntry, locatePlugin, type Plugin, type PluginContextInput, startPlugin } from "@framewright/host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { buildProbe } from "../src/probe-plugin.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: our host did not drive a plugin made with the official Go SDK: ${reason}`);
}

const utf8 = new TextEncoder();

const peers = [
  { peer: "a plugin made with the official SDK", locate: () => locatePlugin(goPluginDist), skipped: reason },
  { peer: "the probe, made with ours", locate: buildProbe, skipped: undefined },
];
const cases = peers.flatMap((peer) => [
  { ...peer, autoMtls: false, how: "as Grafana does" },
  { ...peer, autoMtls: true, how: "with AutoMTLS" },
]);

for (const { peer, locate, skipped, autoMtls, how } of cases) {
  describe.skipIf(skipped !== undefined)(`our host drives ${peer}, ${how}`, () => {
    const logs: LogEntry[] = [];
    let plugin: Plugin;
    let pluginId: string;

    beforeAll(async () => {
      const located = await locate();
      pluginId = located.pluginId;
      plugin = await startPlugin({
        executable: located.executable,
        autoMtls,
        onLog: (entry) => logs.push(entry),
      });
    });

    afterAll(async () => {
      expect(await plugin.stop()).toEqual({ code: 0, signal: undefined, killed: false });
    });

    function context(jsonData: Readonly<Record<string, unknown>> = {}, updated = new Date(1_000)): PluginContextInput {
      return { pluginId, dataSource: { uid: "peer", name: "Peer", jsonData, updated } };
    }

    const logged = (message: string): LogEntry | undefined => logs.find((entry) => entry.message === message);

    test("it shakes hands, with a certificate where one is asked for, and serves", async () => {
      expect(plugin.handshake).toMatchObject({ protocolVersion: 2, network: "unix" });
      expect(plugin.handshake.serverCert).toMatch(autoMtls ? /^[A-Za-z0-9+/]{300,}$/ : /^$/);
      expect(await plugin.isServing()).toBe(true);
    });

    test("queryData: side by side, each with its own frames or error", async () => {
      const error = { message: "gone", status: 404, source: "downstream" };
      const jsons = { A: {}, B: { rows: 3 }, C: { bytes: 80 }, D: { error }, E: { rows: -1 } };
      const queries = Object.entries(jsons).map(([refId, json]) => ({ refId, json }));
      const answers = await plugin.queryData({ context: context({ label: "two" }), queries });
      const [a, b, c] = ["A", "B", "C"].map((refId) => answers.get(refId)?.frames[0]);
      expect(a).toMatchObject({ name: "two", length: 1, fields: [{ name: "opened" }] });
      expect(b).toMatchObject({ name: "rows", length: 3, fields: [{ name: "time" }, { name: "value" }] });
      expect(c).toMatchObject({ name: "bytes", length: 10 });
      expect(answers.get("D")).toMatchObject({ error: "gone", status: 404, errorSource: "downstream" });
      expect(answers.get("E")).toMatchObject({ status: 400, errorSource: "downstream" });
    });

    test("queryData: an answer of 20 MB", async () => {
      const queries = [{ refId: "A", json: { bytes: 20_000_000 } }];
      const answers = await plugin.queryData({ context: context(), queries });
      expect(answers.get("A")?.frames[0]?.length).toBe(2_500_000);
    });

    test("queryChunkedData: frames piece by piece, and errors", async () => {
      const error = { message: "gone", status: 404, source: "downstream" };
      const queries = [
        { refId: "A", json: { rows: 2_500 } },
        { refId: "B", json: { error } },
      ];
      const rows: number[] = [];
      const errors: unknown[] = [];
      for await (const chunk of plugin.queryChunkedData({ context: context(), queries })) {
        if (chunk.frame === undefined) {
          errors.push([chunk.refId, chunk.error, chunk.status]);
        } else {
          expect(chunk).toMatchObject({ refId: "A", frameId: "A", status: 200, error: undefined });
          const [, value] = chunk.frame.fields;
          rows.push(...Array.from({ length: chunk.frame.length }, (_, row) => Number(value && valueAt(value, row))));
        }
      }
      expect(rows).toEqual(Array.from({ length: 2_500 }, (_, row) => row));
      expect(errors).toEqual([["B", "gone", 404]]);
    });

    test("checkHealth: that of the instance", async () => {
      expect(await plugin.checkHealth(context())).toMatchObject({ status: "ok" });
      const refused = context({ openFails: true }, new Date(2_000));
      expect(await plugin.checkHealth(refused)).toMatchObject({
        status: "error",
        message: "the data source refused the connection",
      });
    });

    test("collectMetrics: those of the process", async () => {
      expect(await plugin.collectMetrics(context())).toMatch(/^process_start_time_seconds \d/m);
    });

    test("callResource: the request as it was sent, and a body that streams", async () => {
      const body = utf8.encode("données");
      const echo = await plugin.callResource({ context: context(), url: "any?a=1", method: "PUT", body });
      const base64 = Buffer.from(body).toString("base64");
      expect(await echo.json()).toMatchObject({ method: "PUT", path: "any", url: "any?a=1", body: base64 });
      const bytes = await plugin.callResource({ context: context(), url: "bytes?n=1000&chunk=300" });
      const chunks: number[] = [];
      for await (const chunk of bytes.body ?? []) {
        chunks.push(chunk.length);
      }
      expect(chunks).toEqual([300, 300, 300, 100]);
    });

    test("subscribeStream and publishStream: what the plugin says, and its data", async () => {
      const data = utf8.encode('{"a":1}');
      const subscribe = (path: string) => plugin.subscribeStream({ context: context(), path, data });
      expect(await subscribe("ticks")).toEqual({ status: "ok", initialData: Buffer.from(data) });
      expect(await subscribe("denied")).toMatchObject({ status: "permissionDenied" });
      expect(await subscribe("missing")).toMatchObject({ status: "notFound" });
      const published = await plugin.publishStream({ context: context(), path: "ticks", data });
      expect(published).toEqual({ status: "ok", data: Buffer.from(data) });
    });

    test("runStream: to its end, and until the loop is left", async () => {
      const messages: unknown[] = [];
      for await (const message of plugin.runStream({ context: context(), path: "ticks/3" })) {
        messages.push(message.json());
      }
      expect(messages).toHaveLength(3);
      expect(messages[2]).toMatchObject({ schema: { name: "rows" }, data: { values: [expect.any(Array), [2]] } });

      logs.length = 0;
      for await (const message of plugin.runStream({ context: context(), path: "ticks" })) {
        expect(message.json()).toMatchObject({ schema: { name: "rows" } });
        break;
      }
      await expect.poll(() => logged("cancelled")).toBeDefined();
    });

    test("validateAdmission and mutateAdmission: the verdict, and the object to store", async () => {
      const kind = { group: "example.com", version: "v1", kind: "Thing" };
      const admission = (object: string) => ({
        context: context(),
        operation: "create" as const,
        kind,
        object: utf8.encode(object),
      });
      expect(await plugin.validateAdmission(admission("{}"))).toMatchObject({ allowed: true, refusal: undefined });
      expect(await plugin.validateAdmission(admission('{"deny":true}'))).toMatchObject({
        allowed: false,
        refusal: { reason: "Forbidden", code: 403 },
      });
      const { allowed, object } = await plugin.mutateAdmission(admission('{"a":1}'));
      expect([allowed, parse(object)]).toEqual([true, { a: 1, mutated: true }]);
    });

    test("convertObjects: each object, in its order", async () => {
      const objects = ['{"a":1}', '{"b":2}'].map((raw) => ({ raw: utf8.encode(raw), contentType: "application/json" }));
      const targetVersion = { group: "example.com", version: "v2" };
      const converted = await plugin.convertObjects({ context: context(), uid: "u1", objects, targetVersion });
      expect(converted).toMatchObject({ uid: "u1", refusal: undefined });
      const apiVersion = "example.com/v2";
      expect(converted.objects.map(({ raw }) => parse(raw))).toEqual([
        { a: 1, apiVersion },
        { b: 2, apiVersion },
      ]);
    });

    test("a signal and a time-out end a call here and there", async () => {
      const queries = [{ refId: "A", json: { sleepMs: 60_000 } }];
      logs.length = 0;
      // At the deadline the plugin's own answer may come first.
      const end = await plugin.queryData({ context: context(), queries }, { timeoutMs: 300 }).then(
        (answers) => answers.get("A")?.error,
        (error: unknown) => String(error),
      );
      expect(end).toMatch(/DEADLINE_EXCEEDED|deadline exceeded/);
      // The plugin's own line has come to the host with its level and fields.
      await expect
        .poll(() => logged("cancelled"))
        .toMatchObject({ level: "info", fields: { endpoint: expect.stringMatching(/queryData/i) } });
      logs.length = 0;
      const signal = AbortSignal.timeout(300);
      const stream = async () => {
        for await (const _ of plugin.queryChunkedData({ context: context(), queries }, { signal }));
      };
      await expect(stream()).rejects.toMatchObject({ name: "TimeoutError" });
      await expect.poll(() => logged("cancelled")).toBeDefined();
    });

    test("a hundred calls at a time over the one connection", async () => {
      const ask = async (rows: number) => {
        const queries = [{ refId: "A", json: { rows } }];
        return (await plugin.queryData({ context: context(), queries })).get("A")?.frames[0]?.length;
      };
      const sizes = Array.from({ length: 100 }, (_, index) => index + 1);
      expect(await Promise.all(sizes.map(ask))).toEqual(sizes);
    });
  });
}

function parse(bytes: Uint8Array | undefined): unknown {
  return JSON.parse(Buffer.from(bytes ?? []).toString());
}
