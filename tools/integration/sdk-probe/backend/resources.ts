import { createHash } from "node:crypto";
import { type InstanceContext, jsonRoutes, type ResourceHandler } from "@framewright/sdk";
import { Hono } from "hono";
import { z } from "zod";
import type { Client } from "./client.js";

const hono = new Hono<{ Bindings: InstanceContext<Client> }>();

hono.get("/hono/label", (c) => c.json({ label: c.env.instance.label, user: c.env.user?.login ?? null }));
hono.get("/hono/memory", (c) => c.json({ rss: process.memoryUsage.rss() }));
hono.get("/hono/bytes", (c) => {
  const total = Number(c.req.query("n"));
  c.header("content-type", "application/octet-stream");
  return c.body(byteStream(total));
});
hono.get("/hono/one-chunk", (c) => c.body(new Uint8Array(Number(c.req.query("n"))).fill(7)));
hono.on(["POST", "PUT", "PURGE"], "/hono/upload", async (c) => {
  const body = new Uint8Array(await c.req.arrayBuffer());
  c.header("set-cookie", "a=1; Path=/", { append: true });
  c.header("set-cookie", "b=2; Expires=Thu, 01 Jan 2026 00:00:00 GMT", { append: true });
  c.header("x-method", c.req.method);
  c.header("x-query", new URL(c.req.url).search);
  return c.json({ length: body.length, sha256: createHash("sha256").update(body).digest("hex") }, 201);
});
hono.get("/hono/throw", () => {
  throw new Error("an error of the app");
});

const routes = jsonRoutes<Client>((route) => [
  route.get("/routes/:name", { query: z.object({ times: z.coerce.number().default(1) }) }, ({ params, query }) => ({
    name: params.name.repeat(query.times),
  })),
  route.post("/routes", { body: z.object({ value: z.number() }) }, ({ body, instance }) => ({
    value: body.value,
    label: instance.label,
  })),
  route.get("/routes/leak/token", ({ instance }) => {
    throw new Error(`cannot use ${instance.secrets["token"]}`);
  }),
  route.get("/routes/hang/forever", () => new Promise(() => {})),
]);

/** A Hono app and JSON routes side by side. */
export const resources: ResourceHandler<Client> = (request, context) =>
  new URL(request.url).pathname.startsWith("/hono/") ? hono.fetch(request, context) : routes(request, context);

/** So many bytes, made as they are asked for, each the lowest byte of its position. */
function byteStream(total: number): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      const chunk = Uint8Array.from({ length: Math.min(65_536, total - sent) }, (_, i) => sent + i);
      sent += chunk.length;
      controller.enqueue(chunk);
      if (sent === total) {
        controller.close();
      }
    },
  });
}
