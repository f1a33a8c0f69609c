import { setTimeout } from "node:timers/promises";
import { type Frame, frame, numbers, strings } from "@framewright/data";
import { DownstreamError, type StreamContext, type StreamHandlers } from "@framewright/sdk";
import type { Client } from "./client.js";

/** How many frames of `count` were made so far; `made` tells it. */
let made = 0;

/** The probe's channels, each by its path. */
export const streams: StreamHandlers<Client> = {
  subscribe(path, { user, data }) {
    if (path === "missing") {
      return "notFound";
    }
    if (path === "editors" && user?.role !== "Editor") {
      throw new DownstreamError("editors only", { status: 403 });
    }
    return data === undefined ? "ok" : { initialData: { json: { echo: data } } };
  },

  publish: (path, { data }) => (path === "open" ? { data: { json: data } } : "permissionDenied"),

  async *run(path, context) {
    const [kind, ...rest] = path.split("/");
    switch (kind) {
      case "count":
        yield* count(Number(rest[0]), Number(rest[1] ?? 0));
        break;
      case "made":
        yield { json: { made } };
        break;
      case "changing":
        yield frame("changing", { n: numbers([1]) });
        yield frame("changing", { n: numbers([2]) });
        yield frame("changing", { n: numbers([3]), more: strings(["x"]) });
        yield frame("changing", { n: numbers([4]), more: strings(["y"]) });
        break;
      case "ticks":
        yield* ticks(context);
        break;
      default:
        yield frame("once", { n: numbers([1]) });
        throw new DownstreamError(`the broker closed ${context.instance.secrets["token"] ?? "the connection"}`);
    }
  },
};

/** Frames one after the other, without a pause, each with a text of so many bytes. */
async function* count(frames: number, bytes: number): AsyncGenerator<Frame> {
  const text = "x".repeat(bytes);
  for (made = 0; made < frames; made++) {
    yield frame("count", { n: numbers([made]), text: strings([text]) });
  }
}

async function* ticks({ signal, log }: StreamContext<Client>): AsyncGenerator<Frame> {
  try {
    for (let n = 0; !signal.aborted; n++) {
      yield frame("ticks", { n: numbers([n]) });
      await setTimeout(20, undefined, { signal });
    }
  } finally {
    log.info("ticks ended");
  }
}
