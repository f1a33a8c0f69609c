import type { Plugin } from "../handlers.js";
import { log } from "../log/logger.js";
import { currentTracing } from "../tracing/current-tracing.js";
import type { CallsInFlight } from "./calls/calls-in-flight.js";
import type { GrpcServer } from "./grpc/grpc-server.js";

/** How long calls in flight may go on once the end was asked for, in ms; the host kills after 2,000. */
const DRAIN_MS = 1_500;

/** How long closing the instances may take after that, in ms, together with what the calls have left of their time. */
const DISPOSE_MS = 200;

/** The least that closing has, where draining took longer than it may. */
const MIN_DISPOSE_MS = 50;

/** How long the connections may take with the last answers in them, in ms. */
const FLUSH_MS = 100;

/** How long the last spans may take once the instances are closed, in ms: a collector may accept and never answer. */
const TRACES_MS = 500;

/** When, after the end was asked for, that is over in any case, in ms; they have `FLUSH_MS` at least. */
const TRACES_UNTIL_MS = 1_850;

/** What is closed when a plugin ends. */
export interface EndingParts {
  readonly plugin: Plugin;
  readonly server: GrpcServer;
  readonly inFlight: CallsInFlight;
  /** Removes what was put on disk: the socket, a standalone plugin's files. */
  readonly release: () => Promise<void>;
}

/**
 * Makes the function that ends the process with code 0: no new calls, up to 1.5 s for those in flight, then the rest is
 * aborted, the instances are disposed, for no longer than 1.7 s after it all began, the last spans sent, and the files removed.
 * Spans that have ended are sent meanwhile. A second call waits for the same end.
 */
export function createEnding(parts: EndingParts): (reason: string) => Promise<void> {
  const { plugin, server, inFlight, release } = parts;
  let ending: Promise<void> | undefined;

  async function end(reason: string): Promise<void> {
    log.debug("the plugin ends", { reason });
    const asked = performance.now();
    const closed = server.close();
    const tracing = currentTracing();
    void tracing?.flush();
    await inFlight.drain(DRAIN_MS);
    const left = asked + DRAIN_MS + DISPOSE_MS - performance.now();
    const disposeMs = Math.max(MIN_DISPOSE_MS, Math.round(left));
    await within(disposeMs, plugin.dispose()).then(
      (done) => {
        if (!done) {
          log.warn("the plugin ends before all its instances were closed", { waitedMs: disposeMs });
        }
      },
      (error: unknown) => log.warn("closing failed", { error }),
    );
    const tracesMs = Math.max(FLUSH_MS, Math.min(TRACES_MS, Math.round(asked + TRACES_UNTIL_MS - performance.now())));
    const [, traced] = await Promise.all([
      within(FLUSH_MS, closed),
      within(tracesMs, tracing?.shutdown() ?? Promise.resolve()),
    ]);
    if (!traced) {
      log.debug("the plugin ends before its last spans were sent", { waitedMs: tracesMs });
    }
    server.destroy();
    await release().catch((error: unknown) => log.warn("the plugin's files cannot be removed", { error }));
    process.exit(0);
  }

  return (reason) => {
    ending ??= end(reason);
    return ending;
  };
}

/** Waits for `work`, but for no longer than `ms`. Whether it was done by then. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([work.then(() => true), timeout]).finally(() => clearTimeout(timer));
}
