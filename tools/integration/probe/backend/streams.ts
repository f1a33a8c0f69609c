import { setTimeout } from "node:timers/promises";
import { encodeJson } from "@framewright/data";
import type { CallContext } from "@framewright/sdk";
import {
  type PublishStreamRequest,
  PublishStreamResponse,
  PublishStreamResponse_Status,
  type RunStreamRequest,
  StreamPacket,
  type SubscribeStreamRequest,
  SubscribeStreamResponse,
  SubscribeStreamResponse_Status,
} from "@framewright/sdk/messages";
import { rowsFrame } from "./query.js";

const { OK, NOT_FOUND, PERMISSION_DENIED } = SubscribeStreamResponse_Status;

/** How long a stream without an end waits between two frames, in ms. */
const TICK_MS = 20;

/** Everyone may listen, but to `denied` and `missing`. */
export async function subscribeStream({ path, data }: SubscribeStreamRequest): Promise<SubscribeStreamResponse> {
  const status = path === "denied" ? PERMISSION_DENIED : path === "missing" ? NOT_FOUND : OK;
  return SubscribeStreamResponse.fromPartial({ status, data });
}

/** What is published goes out as it came; to `broken`, something that is no answer. */
export async function publishStream({ path, data }: PublishStreamRequest): Promise<PublishStreamResponse> {
  if (path === "broken") {
    return JSON.parse("null");
  }
  return PublishStreamResponse.fromPartial({ status: PublishStreamResponse_Status.OK, data });
}

/**
 * `ticks/<n>`: n frames, then the end. `ticks`: frames until it is cancelled. `broken`: one frame, then an exception that
 * nobody catches.
 */
export async function* runStream(
  { path }: RunStreamRequest,
  { signal, log }: CallContext,
): AsyncGenerator<StreamPacket> {
  if (path === "broken") {
    yield StreamPacket.fromPartial({ data: Buffer.from(encodeJson(rowsFrame(1))) });
    throwInTimer();
    await new Promise(() => {});
  }
  const match = /^ticks(?:\/(\d+))?$/.exec(path);
  if (match === null) {
    throw new Error(`there is no stream ${path}`);
  }
  const count = match[1];
  const end = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
  try {
    for (let tick = 0; tick < end; tick++) {
      yield StreamPacket.fromPartial({ data: Buffer.from(encodeJson(rowsFrame(1, tick))) });
      if (count === undefined) {
        await setTimeout(TICK_MS, undefined, { signal });
      }
    }
  } finally {
    if (signal.aborted) {
      log.info("cancelled");
    }
  }
}

function throwInTimer(): void {
  globalThis.setTimeout(() => {
    throw new Error("thrown in a timer");
  }, 20);
}
