import { callBidiStream, callServerStream } from "@framewright/host";
import { BrokerService, StdioService } from "@framewright/host/wire";
import type { Session } from "./check-context.js";
import { type Outcome, outcome } from "./outcome.js";

/** A stream and what ends it. */
export interface OpenStream {
  /** Settles when the plugin ends the stream. */
  readonly ended: Promise<Outcome<void>>;
  close(): void;
}

/** Opens go-plugin's stdio stream, as every host of go-plugin does. */
export function openStdio({ client }: Session): OpenStream {
  return open((signal) => callServerStream(client, StdioService.streamStdio, {}, { signal }));
}

/** Opens go-plugin's broker stream, as every host of go-plugin does. */
export function openBroker({ client }: Session): OpenStream {
  return open((signal) => callBidiStream(client, BrokerService.startStream, nothingUntil(signal), { signal }));
}

function open(start: (signal: AbortSignal) => AsyncIterable<unknown>): OpenStream {
  const closing = new AbortController();
  async function read(): Promise<void> {
    for await (const _ of start(closing.signal));
  }
  const ended = outcome(read()).catch((error: unknown): Outcome<void> => {
    if (closing.signal.aborted) return { ok: true, code: "OK", value: undefined, details: "" };
    throw error;
  });
  return { ended, close: () => closing.abort() };
}

async function* nothingUntil(signal: AbortSignal): AsyncGenerator<never> {
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
