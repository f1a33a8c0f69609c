import { type CheckHealthRequest, CheckHealthResponse, type StreamPacket } from "@framewright/protocol";
import { describe, expect, expectTypeOf, it } from "vitest";
import { defineDataSource, definePlugin, type Handlers, type Middleware, type Plugin } from "../src/index.js";
import { redact } from "../src/secrets/known-secrets.js";
import { bytes, callContext, collect, dataSourceContext } from "./helpers.js";

const health: CheckHealthRequest = { pluginContext: undefined, headers: new Map() };
const stream = { pluginContext: undefined, path: "p", data: bytes(""), headers: new Map<string, string>() };

async function* packets(...texts: string[]): AsyncGenerator<StreamPacket> {
  for (const text of texts) {
    yield { data: bytes(text) };
  }
}

const handlers: Handlers = {
  checkHealth: async ({ headers }) => CheckHealthResponse.fromPartial({ message: headers.get("seen") ?? "nothing" }),
  runStream: ({ path }) => packets(path, "end"),
};

/** A middleware that tells of each call on its way in and out. */
function telling(name: string, told: string[]): Middleware {
  return {
    async unary(call) {
      told.push(`${name} ${call.rpc}`);
      try {
        return await call.next();
      } finally {
        told.push(`${name} done`);
      }
    },
    async *stream(call) {
      told.push(`${name} ${call.rpc}`);
      yield* call.next();
      told.push(`${name} done`);
    },
  };
}

describe("middleware", () => {
  it("sees a call in the order of the list, and the answer in the other", async () => {
    const told: string[] = [];
    const plugin = definePlugin({ pluginId: "p", handlers, use: [telling("outer", told), telling("inner", told)] });
    await plugin.handlers.checkHealth?.(health, callContext());
    expect(told.splice(0)).toEqual(["outer checkHealth", "inner checkHealth", "inner done", "outer done"]);
    expect(await collect(plugin.handlers.runStream?.(stream, callContext()) ?? packets())).toHaveLength(2);
    expect(told).toEqual(["outer runStream", "inner runStream", "inner done", "outer done"]);
  });

  it("passes what it has no method for, and knows no RPC without a handler", async () => {
    const plugin = definePlugin({ pluginId: "p", handlers, use: [{}] });
    expect(await plugin.handlers.checkHealth?.(health, callContext())).toMatchObject({ message: "nothing" });
    expect(Object.keys(plugin.handlers).sort()).toEqual(["checkHealth", "collectMetrics", "runStream"]);
  });

  it("may change request, context and answer, whose types the RPC's name tells", async () => {
    const use: Middleware[] = [
      {
        async unary(call) {
          if (call.rpc !== "checkHealth") {
            return call.next();
          }
          expectTypeOf(call.request).toEqualTypeOf<CheckHealthRequest>();
          const answer = await call.next({ ...call.request, headers: new Map([["seen", "changed"]]) });
          expectTypeOf(answer).toEqualTypeOf<CheckHealthResponse>();
          return { ...answer, message: `${answer.message} twice` };
        },
      },
    ];
    const plugin = definePlugin({ pluginId: "p", handlers, use });
    expect(await plugin.handlers.checkHealth?.(health, callContext())).toMatchObject({ message: "changed twice" });
  });

  it("may refuse a call before it opens an instance", async () => {
    let opened = 0;
    const plugin = defineDataSource({
      pluginId: "p",
      open: () => ++opened,
      use: [
        {
          async unary() {
            throw new Error("not today");
          },
        },
      ],
    });
    await expect(
      plugin.handlers.checkHealth?.({ ...health, pluginContext: dataSourceContext() }, callContext()),
    ).rejects.toThrow("not today");
    expect(opened).toBe(0);
  });

  it("calls the handlers as methods of their object", async () => {
    class Raw {
      readonly message = "mine";
      async checkHealth(): Promise<CheckHealthResponse> {
        return CheckHealthResponse.fromPartial({ message: this.message });
      }
    }
    const plugin: Plugin = definePlugin({ pluginId: "p", handlers: new Raw() });
    expect(await plugin.handlers.checkHealth?.(health, callContext())).toMatchObject({ message: "mine" });
  });

  it("comes to know the secrets of every call, of raw handlers too", async () => {
    const plugin = definePlugin({ pluginId: "p", handlers });
    const source = dataSourceContext({}, { password: "raw-handler-secret" });
    const saved = source.dataSourceInstanceSettings;
    if (saved !== undefined) {
      saved.user = "bob";
    }
    await plugin.handlers.checkHealth?.({ ...health, pluginContext: source }, callContext());
    const basic = Buffer.from("bob:raw-handler-secret").toString("base64");
    expect(redact(`raw-handler-secret, Basic ${basic}`)).toBe("[redacted], Basic [redacted]");
  });
});
