import { PluginCallError, type PluginCalls, type QueryInput } from "@framewright/host";
import { probeContext } from "./probe-plugin.js";

const context = probeContext();
const utf8 = new TextEncoder();
const object = utf8.encode('{"a":1}');
const kind = { group: "example.com", version: "v1", kind: "Thing" };

/** One kind of call on the probe. It throws when the answer is another than what was asked for. */
export type SoakOperation = (plugin: PluginCalls) => Promise<void>;

/** Every RPC, with answers small and large, errors that are asked for, and calls that are cancelled at different points. */
export const soakOperations: Readonly<Record<string, SoakOperation>> = {
  async queries(plugin) {
    const answers = await ask(plugin, { A: { rows: 100 }, B: {}, C: { rows: 0 } });
    expectEqual([...answers.keys()].sort(), ["A", "B", "C"]);
    expectEqual(answers.get("A")?.frames[0]?.length, 100);
  },
  async largeQuery(plugin) {
    const answers = await ask(plugin, { A: { bytes: 200_000 } });
    expectEqual(answers.get("A")?.frames[0]?.length, 25_000);
  },
  async queryError(plugin) {
    const error = { message: "as asked", status: 418, source: "downstream" };
    const answers = await ask(plugin, { A: { error }, B: { rows: 1 } });
    expectEqual([answers.get("A")?.error, answers.get("A")?.status], ["as asked", 418]);
    expectEqual(answers.get("B")?.error, undefined);
  },
  async chunks(plugin) {
    let rows = 0;
    for await (const { frame } of plugin.queryChunkedData({ context, queries: queries({ A: { rows: 3_000 } }) })) {
      rows += frame?.length ?? 0;
    }
    expectEqual(rows, 3_000);
  },
  async chunksLeftEarly(plugin) {
    for await (const { refId } of plugin.queryChunkedData({ context, queries: queries({ A: { rows: 20_000 } }) })) {
      expectEqual(refId, "A");
      break;
    }
  },
  async cancelledQuery(plugin) {
    const signal = AbortSignal.timeout(10);
    const call = plugin.queryData({ context, queries: queries({ A: { sleepMs: 60_000 } }) }, { signal });
    expectEqual(await nameOf(call), "TimeoutError");
  },
  async lateQuery(plugin) {
    const call = plugin.queryData({ context, queries: queries({ A: { sleepMs: 60_000 } }) }, { timeoutMs: 15 });
    // The plugin answers just before the deadline; on a busy machine the host gives up first.
    const end = await nameOf(call);
    expectEqual(
      end === "answered" ? (await call).get("A")?.status : end,
      end === "answered" ? 504 : "DEADLINE_EXCEEDED",
    );
  },
  async queryCancelledAnywhere(plugin) {
    const signal = AbortSignal.timeout(Math.floor(Math.random() * 5));
    const call = plugin.queryData({ context, queries: queries({ A: { rows: 1_000 } }) }, { signal });
    const end = await nameOf(call);
    if (end !== "answered" && end !== "TimeoutError") {
      throw new Error(`a cancelled query ended with ${end}`);
    }
  },
  async resource(plugin) {
    const response = await plugin.callResource({ context, url: "echo?a=1", method: "POST", body: utf8.encode("body") });
    expectEqual([response.status, JSON.parse(await response.text()).url], [200, "echo?a=1"]);
  },
  async largeResource(plugin) {
    const response = await plugin.callResource({ context, url: "bytes?n=300000&chunk=20000" });
    expectEqual((await response.arrayBuffer()).byteLength, 300_000);
  },
  async resourceLeftEarly(plugin) {
    const response = await plugin.callResource({ context, url: "bytes?n=3000000" });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  },
  async health(plugin) {
    expectEqual((await plugin.checkHealth(context)).status, "ok");
    expectEqual(await plugin.isServing(), true);
  },
  async metrics(plugin) {
    expectEqual(/^process_/m.test(await plugin.collectMetrics(context)), true);
  },
  async stream(plugin) {
    let messages = 0;
    for await (const _ of plugin.runStream({ context, path: "ticks/5" })) {
      messages++;
    }
    expectEqual(messages, 5);
  },
  async streamLeft(plugin) {
    let messages = 0;
    for await (const _ of plugin.runStream({ context, path: "ticks" })) {
      if (++messages === 2) {
        break;
      }
    }
    expectEqual((await plugin.subscribeStream({ context, path: "denied" })).status, "permissionDenied");
    expectEqual((await plugin.publishStream({ context, path: "ticks", data: object })).status, "ok");
  },
  async admission(plugin) {
    const call = { context, operation: "create", kind, object } as const;
    expectEqual((await plugin.validateAdmission(call)).allowed, true);
    expectEqual((await plugin.mutateAdmission(call)).allowed, true);
    const objects = [{ raw: object, contentType: "application/json" }];
    const converted = await plugin.convertObjects({ context, uid: "u", objects, targetVersion: kind });
    expectEqual([converted.uid, converted.objects.length], ["u", 1]);
  },
};

type Query = Readonly<Record<string, unknown>>;

function queries(byRefId: Readonly<Record<string, Query>>): QueryInput[] {
  return Object.entries(byRefId).map(([refId, json]) => ({ refId, json }));
}

function ask(plugin: PluginCalls, byRefId: Readonly<Record<string, Query>>) {
  return plugin.queryData({ context, queries: queries(byRefId) });
}

/** How a call ended: `answered`, or the name of its gRPC status or error. */
async function nameOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "answered";
  } catch (error) {
    return error instanceof PluginCallError ? error.code : error instanceof Error ? error.name : String(error);
  }
}

function expectEqual(seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) {
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(seen)}`);
  }
}
