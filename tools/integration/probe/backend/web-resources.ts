import type { InstanceContext } from "@framewright/sdk";
import type { Instance } from "./data-source.js";

/** Answers the resources that are streamed or fail. */
export async function answerResource(
  request: Request,
  { instance, signal }: InstanceContext<Instance>,
): Promise<Response> {
  const url = new URL(request.url);
  switch (url.pathname) {
    case "/bytes": {
      const total = Number(url.searchParams.get("n") ?? 0);
      const chunk = Number(url.searchParams.get("chunk") ?? 65_536);
      return new Response(ReadableStream.from(zeros(total, chunk)));
    }
    case "/slow":
      return new Response(ReadableStream.from(slowChunks(instance, signal)));
    case "/stream": {
      const chunks = ["one ", "two ", "three"].map((text) => new TextEncoder().encode(text));
      return new Response(ReadableStream.from(chunks), { status: 201, headers: { "x-label": instance.label } });
    }
    default:
      throw new Error("resource failed");
  }
}

async function* zeros(total: number, chunk: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < total; sent += chunk) {
    yield new Uint8Array(Math.min(chunk, total - sent));
  }
}

/** Ten chunks, one every 100 ms, each saying whether the instance was closed meanwhile; then nothing more until cancelled. */
async function* slowChunks(instance: Instance, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.addEventListener("abort", () => console.info("the body was cancelled"));
  for (let i = 0; i < 10; i++) {
    yield new TextEncoder().encode(instance.isClosed() ? "closed " : "open ");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise(() => {});
}
