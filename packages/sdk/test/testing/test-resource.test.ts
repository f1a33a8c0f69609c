import { describe, expect, it } from "vitest";
import { defineDataSource, definePlugin } from "../../src/index.js";
import { CallResourceResponse } from "../../src/messages.js";
import { testDataSource } from "../../src/testing/index.js";

describe("resource", () => {
  it.each([204, 205, 304])(
    "counts an answer with the status %d, which has no body, as one that arrived",
    async (status) => {
      const plugin = defineDataSource({ pluginId: "p", resources: () => new Response(null, { status }) });
      await using client = testDataSource(plugin);
      const counted = async (): Promise<number[]> => {
        const metrics = await client.collectMetrics();
        return ["ok", "cancelled"].map((outcome) =>
          Number(
            new RegExp(`^grafana_plugin_request_total\\{.*"callResource".*"${outcome}".*\\} (\\d+)$`, "m").exec(
              metrics,
            )?.[1] ?? 0,
          ),
        );
      };
      const [ok = 0, cancelled = 0] = await counted();
      const response = await client.resource("none");
      expect([response.status, response.body]).toEqual([status, null]);
      expect(await counted()).toEqual([ok + 1, cancelled]);
    },
  );

  it.each([
    ["a%20b/c%C3%BC?x=%20", "a b/cü", "a%20b/c%C3%BC?x=%20"],
    ["/a%2Fb/", "a/b", "a/b"],
    ["a%3Fb=1?c=2", "a", "a?b=1?c=2"],
    ["a%252Fb", "a/b", "a%2Fb"],
    ["a%253F%20", "a? ", "a%3F%20"],
    ["", "", ""],
  ])("gets the path of %j as Grafana passes it on", async (input, path, url) => {
    const seen: unknown[] = [];
    const plugin = definePlugin({
      pluginId: "raw",
      handlers: {
        async *callResource(request) {
          seen.push([request.path, request.url]);
          yield CallResourceResponse.fromPartial({ code: 204 });
        },
      },
    });
    await using client = testDataSource(plugin);
    await client.resource(input);
    await client.resource(new Request(`http://any/${input.replace(/^\//, "")}`));
    expect(seen).toEqual([
      [path, url],
      [path, url],
    ]);
    await expect(client.resource("50%25")).rejects.toThrow('Grafana refuses the path "/50%25"');
  });
});
