import { CallResourceRequest } from "@framewright/protocol";
import { Hono } from "hono";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { DownstreamError, defineDataSource, type InstanceContext, jsonRoutes } from "../src/index.js";
import { matchPath } from "../src/resources/match-path.js";
import { bytes, callContext, dataSourceContext } from "./helpers.js";

interface Store {
  readonly items: Map<string, number>;
}

const resources = jsonRoutes<Store>((route) => [
  route.get("/items", ({ instance, query }) => {
    expectTypeOf(instance).toEqualTypeOf<Store>();
    return { items: [...instance.items], query };
  }),
  route.get("/items/:name", ({ instance, params }) => {
    expectTypeOf(params).toEqualTypeOf<{ readonly name: string }>();
    return { name: params.name, value: instance.items.get(params.name) ?? null };
  }),
  route.put(
    "/items/:name/:part",
    {
      params: z.object({ name: z.string(), part: z.coerce.number() }),
      query: z.object({ dry: z.stringbool().default(false) }),
      body: v.object({ value: v.number() }),
    },
    ({ params, query, body }) => {
      expectTypeOf(params).toEqualTypeOf<{ name: string; part: number }>();
      expectTypeOf(query).toEqualTypeOf<{ dry: boolean }>();
      expectTypeOf(body).toEqualTypeOf<{ value: number }>();
      return { params, query, body };
    },
  ),
  route.delete("/items/:name", ({ instance, params }) => void instance.items.delete(params.name)),
  route.post("/items", async ({ request, body }) => {
    expectTypeOf(body).toEqualTypeOf<undefined>();
    return new Response(await request.text(), { status: 201 });
  }),
  route.patch("/items", () => {
    throw new DownstreamError("the store is read-only", { status: 409 });
  }),
]);

const { handlers } = defineDataSource({
  pluginId: "p",
  open: (): Store => ({ items: new Map([["a b", 1]]) }),
  resources,
});

async function call(method: string, url: string, body = "", resource = handlers.callResource) {
  const request = CallResourceRequest.fromPartial({
    pluginContext: dataSourceContext(),
    method,
    url,
    path: url.replace(/\?.*/, ""),
    body: bytes(body),
  });
  let status = 0;
  let text = "";
  let headers: Record<string, readonly string[]> = {};
  for await (const message of resource?.(request, callContext()) ?? []) {
    status ||= message.code;
    headers =
      status === message.code ? Object.fromEntries([...message.headers].map(([k, l]) => [k, l.values])) : headers;
    text += new TextDecoder().decode(message.body);
  }
  return { status, text, headers, json: () => JSON.parse(text) };
}

describe("jsonRoutes", () => {
  it.each([
    { method: "GET", url: "items?x=1&y=2&y=3", answer: { items: [["a b", 1]], query: { x: "1", y: ["2", "3"] } } },
    { method: "GET", url: "items/a%20b/", answer: { name: "a b", value: 1 } },
    { method: "HEAD", url: "items/a%20b", answer: { name: "a b", value: 1 } },
    {
      method: "PUT",
      url: "items/x/2?dry=true",
      body: '{"value":3}',
      answer: { params: { name: "x", part: 2 }, query: { dry: true }, body: { value: 3 } },
    },
  ])("answers $method $url with JSON", async ({ method, url, body, answer }) => {
    const response = await call(method, url, body);
    expect(response).toMatchObject({ status: 200, headers: { "content-type": [expect.stringMatching(/json/)] } });
    expect(response.json()).toEqual(answer);
  });

  it("answers nothing with 204, and a Response as it is", async () => {
    expect(await call("DELETE", "items/other")).toMatchObject({ status: 204, text: "" });
    expect(await call("POST", "items", "raw")).toMatchObject({ status: 201, text: "raw" });
  });

  it.each([
    { method: "GET", url: "nowhere", status: 404, message: /^there is no \/nowhere$/ },
    { method: "GET", url: "", status: 404, message: /^there is no \/$/ },
    { method: "GET", url: "items//", status: 404, message: /^there is no/ },
    { method: "POST", url: "items/x", status: 405, message: /is not answered for POST, but for GET, DELETE$/ },
    { method: "PUT", url: "items/x/two", status: 400, message: /^params\.part: /, body: '{"value":3}' },
    { method: "PUT", url: "items/x/2?dry=maybe", status: 400, message: /^query\.dry: /, body: '{"value":3}' },
    { method: "PUT", url: "items/x/2", status: 400, message: /^body\.value: /, body: '{"value":"3"}' },
    { method: "PUT", url: "items/x/2", status: 400, message: /^body: is not valid JSON$/, body: "{" },
    { method: "GET", url: "items/%E0%A4", status: 400, message: /^params\.name: is not properly percent-encoded$/ },
    { method: "PATCH", url: "items", status: 409, message: /^the store is read-only$/ },
    { method: "TRACE", url: "items", status: 405, message: /^the method TRACE is not answered$/ },
    { method: "BAD METHOD", url: "items", status: 400, message: /^the request's method or URL is not one/ },
  ])("answers $method $url with $status", async ({ method, url, status, message, body }) => {
    const response = await call(method, url, body);
    expect(response.status).toBe(status);
    expect(response.json().message).toMatch(message);
  });

  it("says which methods there are", async () => {
    expect((await call("POST", "items/x")).headers).toMatchObject({ allow: ["GET, DELETE"] });
  });
});

describe("matchPath", () => {
  it.each([
    { pattern: "/", path: "/", params: {} },
    { pattern: "/a", path: "/a/", params: {} },
    { pattern: "/:x", path: "/__proto__", params: { x: "__proto__" } },
    { pattern: "/:x/b", path: "/%2F/b", params: { x: "/" } },
    { pattern: "/:x", path: "/", params: undefined },
    { pattern: "/a", path: "/A", params: undefined },
    { pattern: "/a/:x", path: "/a/b/c", params: undefined },
  ])("matches $path with $pattern: $params", ({ pattern, path, params }) => {
    expect(matchPath(pattern, path)).toEqual(params);
  });
});

describe("a Hono app", () => {
  it("answers resources as it is, with the instance in its environment", async () => {
    const app = new Hono<{ Bindings: InstanceContext<Store> }>();
    app.get("/items/:name", (c) => c.json({ value: c.env.instance.items.get(c.req.param("name")) }));
    app.post("/echo", async (c) => c.body(await c.req.arrayBuffer(), 202, { "set-cookie": "a=1" }));
    const plugin = defineDataSource({
      pluginId: "p",
      open: (): Store => ({ items: new Map([["x", 7]]) }),
      resources: app.fetch,
    });
    const { callResource } = plugin.handlers;
    expect((await call("GET", "items/x", "", callResource)).json()).toEqual({ value: 7 });
    expect(await call("POST", "echo", "ü", callResource)).toMatchObject({
      status: 202,
      text: "ü",
      headers: { "set-cookie": ["a=1"] },
    });
    expect(await call("GET", "nowhere", "", callResource)).toMatchObject({ status: 404 });
  });
});

describe("a resource handler", () => {
  it.each([
    { returns: undefined, described: "undefined" },
    { returns: "text", described: "a string" },
    { returns: { ok: true }, described: "an object with ok" },
  ])("must return a Response, not $described", async ({ returns, described }) => {
    const plugin = defineDataSource({ pluginId: "p", resources: () => JSON.parse("null") ?? returns });
    const response = await call("GET", "x", "", plugin.handlers.callResource);
    expect(response.status).toBe(500);
    expect(response.json()).toEqual({ message: `resources must return a Response, not ${described}` });
  });

  it("answers an error that comes before the first chunk of the body", async () => {
    const failing = new ReadableStream({
      pull() {
        throw new DownstreamError("the disk is gone", { status: 503 });
      },
    });
    const plugin = defineDataSource({ pluginId: "p", resources: () => new Response(failing) });
    const response = await call("GET", "x", "", plugin.handlers.callResource);
    expect(response.status).toBe(503);
    expect(response.json()).toEqual({ message: "the disk is gone" });
  });

  it("breaks off an answer whose body fails later", async () => {
    let sent = 0;
    const failing = new ReadableStream({
      pull(controller) {
        if (sent++ === 0) {
          controller.enqueue(bytes("first"));
        } else {
          controller.error(new Error("the disk is gone"));
        }
      },
    });
    const plugin = defineDataSource({ pluginId: "p", resources: () => new Response(failing) });
    await expect(call("GET", "x", "", plugin.handlers.callResource)).rejects.toThrow("the disk is gone");
  });
});
