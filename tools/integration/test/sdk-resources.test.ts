import { createHash, randomBytes } from "node:crypto";
import { callServerStream } from "@framewright/host";
import { CallResourceRequest, ResourceService } from "@framewright/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildSdkProbe, type SdkProbe, sdkProbeContext, startSdkProbe } from "../src/sdk-probe.js";

let probe: SdkProbe;
const context = sdkProbeContext({}, { user: { login: "ada", name: "", email: "", role: "" } });

beforeAll(async () => {
  probe = await startSdkProbe(await buildSdkProbe());
});

afterAll(() => probe.plugin.stop());

const get = (url: string) => probe.plugin.callResource({ context, url });

describe("a Hono app", () => {
  test("answers as it would anywhere, with the instance in its environment", async () => {
    expect(await (await get("hono/label")).json()).toEqual({ label: "one", user: "ada" });
    expect((await get("hono/nowhere")).status).toBe(404);
    expect((await get("hono/throw")).status).toBe(500);
  });

  test.each(["POST", "PUT", "PURGE"])("gets a binary body by %s, with method and query string", async (method) => {
    const body = randomBytes(1_000_000);
    const response = await probe.plugin.callResource({ context, method, url: "hono/upload?a=1&a=%20", body });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      length: body.length,
      sha256: createHash("sha256").update(body).digest("hex"),
    });
    expect(response.headers.get("x-method")).toBe(method);
    expect(response.headers.get("x-query")).toBe("?a=1&a=%20");
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Expires=Thu, 01 Jan 2026 00:00:00 GMT"]);
  });
});

describe("JSON routes", () => {
  test("answer with JSON what fits, and name what does not", async () => {
    expect(await (await get("routes/ab%20c?times=2")).json()).toEqual({ name: "ab cab c" });
    const wrong = await get("routes/a?times=many");
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toEqual({ message: expect.stringMatching(/^query\.times: /) });
    const body = new TextEncoder().encode('{"value":"x"}');
    const posted = await probe.plugin.callResource({ context, method: "POST", url: "routes", body });
    expect(posted.status).toBe(400);
    expect(await posted.json()).toEqual({ message: expect.stringMatching(/^body\.value: /) });
    expect((await probe.plugin.callResource({ context, method: "PUT", url: "routes" })).status).toBe(405);
    expect((await get("elsewhere")).status).toBe(404);
  });

  test("that never answer are answered as late before the deadline", async () => {
    const response = await probe.plugin.callResource({ context, url: "routes/hang/forever" }, { timeoutMs: 2_000 });
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: "deadline exceeded before there was an answer" });
  });
});

/** The plugin's resident memory, in bytes. */
async function memory(): Promise<number> {
  const { rss }: { rss: number } = JSON.parse(await (await get("hono/memory")).text());
  return rss;
}

/** What the probe's bytes are, from a multiple of 256 on. */
const pattern = Buffer.from(Uint8Array.from({ length: 65_536 + 256 }, (_, i) => i));

/** Reads a body to its end, looking at the plugin's memory every 5 MB. */
async function streamed(
  url: string,
): Promise<{ readonly bytes: number; readonly most: number; readonly wrong: number }> {
  const response = await get(url);
  let bytes = 0;
  let most = 0;
  let wrong = 0;
  let next = 0;
  for await (const chunk of response.body ?? []) {
    const expected = pattern.subarray(bytes & 0xff, (bytes & 0xff) + chunk.length);
    wrong += expected.equals(chunk) ? 0 : 1;
    bytes += chunk.length;
    if (bytes >= next) {
      most = Math.max(most, await memory());
      next += 5_000_000;
    }
  }
  return { bytes, most, wrong };
}

test("an answer of 50 MB takes the plugin less than 20 MB of memory", async () => {
  // Code, pools and the collector's room are there after the first one.
  await streamed("hono/bytes?n=20000000");
  const before = await memory();
  const { bytes, most, wrong } = await streamed("hono/bytes?n=50000000");
  expect(bytes).toBe(50_000_000);
  expect(wrong).toBe(0);
  console.info(`resident before ${before >> 20} MiB, at most ${most >> 20} MiB while 50 MB were streamed`);
  expect(most - before).toBeLessThan(20_000_000);
});

test("a body that is one chunk goes out in pieces", async () => {
  const request = CallResourceRequest.fromPartial({ method: "GET", url: "hono/one-chunk?n=2000000" });
  const { toWireContext } = await import("@framewright/host");
  const sizes: number[] = [];
  const messages = callServerStream(probe.plugin.client, ResourceService.callResource, {
    ...request,
    pluginContext: toWireContext(context),
  });
  for await (const { body } of messages) {
    sizes.push(body.length);
  }
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_000_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(524_288);
});
