// A plugin that misbehaves on request, so that the tests see what the SDK makes of it.
import { frame, numbers } from "@framewright/data";
import { DownstreamError, defineDataSource, serve } from "@framewright/sdk";
import { z } from "zod";

console.log("printed while the module loads");

const Settings = z.object({ label: z.string().default("one"), openFails: z.boolean().default(false) });

const Query = z.object({
  act: z.enum(["answer", "wait", "throw", "throwString", "downstream", "late", "console", "busy"]).default("answer"),
});

let opened = 0;

await serve(
  defineDataSource({
    pluginId: "framewright-probe-datasource",
    schema: { settings: Settings, query: Query },

    open({ settings, uid, grafanaConfig }) {
      opened++;
      if (settings.openFails) {
        throw new DownstreamError("the data source refused the connection", { status: 503 });
      }
      const label = grafanaConfig.get("PROBE_LABEL") ?? settings.label;
      let closed = false;
      return {
        label,
        isClosed: () => closed,
        [Symbol.dispose]() {
          closed = true;
          console.info(`disposed ${uid} ${label}`);
        },
      };
    },

    async query({ act }, { instance, signal, log }) {
      switch (act) {
        case "answer":
          break;
        case "wait":
          log.info("waiting");
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          break;
        case "throw":
          throw new TypeError("cannot read properties of undefined");
        case "throwString":
          throw "just text";
        case "downstream":
          throw new DownstreamError("the table does not exist", { status: 404 });
        case "late":
          setTimeout(() => {
            throw new Error("thrown after the answer");
          }, 1);
          Promise.reject(new Error("rejected and forgotten"));
          break;
        case "console":
          console.log("printed by the author");
          process.emitWarning("a warning of the runtime");
          break;
        case "busy": {
          const end = performance.now() + 100;
          while (performance.now() < end);
          break;
        }
      }
      return frame(instance.label, { opened: numbers([opened]) });
    },

    async resources(request, { instance, signal }) {
      const url = new URL(request.url);
      if (url.pathname === "/slow") {
        return new Response(ReadableStream.from(slowChunks(instance, signal)));
      }
      if (url.pathname === "/stream") {
        const chunks = ["one ", "two ", "three"].map((text) => new TextEncoder().encode(text));
        return new Response(ReadableStream.from(chunks), { status: 201, headers: { "x-label": instance.label } });
      }
      if (url.pathname === "/throw") {
        throw new Error("resource failed");
      }
      return Response.json({ method: request.method, search: url.search, body: await request.text() });
    },
  }),
);

/** Ten chunks, one every 100 ms, each saying whether the instance was closed meanwhile; then nothing more until cancelled. */
async function* slowChunks(instance: { isClosed(): boolean }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.addEventListener("abort", () => console.info("the body was cancelled"));
  for (let i = 0; i < 10; i++) {
    yield new TextEncoder().encode(instance.isClosed() ? "closed " : "open ");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise(() => {});
}
