import { type Frame, frame, numbers, times } from "@framewright/data";
import { DownstreamError, PluginError } from "@framewright/sdk";
import { z } from "zod";

/** What a query may ask for; the Go peer of tools/go understands all but `act`. */
export const Query = z.object({
  /** A frame of so many rows. */
  rows: z.number().int().min(0).max(10_000_000).optional(),
  /** A frame of about so many bytes. */
  bytes: z.number().int().min(0).max(1_000_000_000).optional(),
  /** Waits so long, or until it is cancelled. */
  sleepMs: z.number().min(0).optional(),
  error: z
    .object({
      message: z.string(),
      status: z.number().default(500),
      source: z.enum(["plugin", "downstream"]).default("plugin"),
    })
    .optional(),
  act: z
    .enum([
      "answer",
      "wait",
      "throw",
      "throwString",
      "downstream",
      "late",
      "console",
      "busy",
      "throwInTimer",
      "forgetRejection",
    ])
    .default("answer"),
});

/** A query of either plugin's vocabulary. */
export type ProbeQuery = z.infer<typeof Query>;

/** The moment every time column begins at. */
const START_MS = Date.UTC(2026, 0, 1);

/** Answers what both peers understand: an error, a pause, a frame of a given size; undefined for a query of another kind. */
export async function answerPeerQuery(
  query: ProbeQuery,
  signal: AbortSignal,
  log: { info(message: string): void },
): Promise<Frame | undefined> {
  if (query.error !== undefined) {
    const { message, status, source } = query.error;
    throw source === "plugin" ? new PluginError(message, { status }) : new DownstreamError(message, { status });
  }
  if (query.sleepMs !== undefined) {
    await sleep(query.sleepMs, signal, log);
    return rowsFrame(1);
  }
  if (query.bytes !== undefined) {
    return frame("bytes", { value: numbers(new Float64Array(Math.ceil(query.bytes / 8))) });
  }
  return query.rows === undefined ? undefined : rowsFrame(query.rows);
}

/** One row a second. */
export function rowsFrame(rows: number, first = 0): Frame {
  const index = Array.from({ length: rows }, (_, row) => first + row);
  return frame("rows", { time: times(index.map((row) => START_MS + row * 1_000)), value: numbers(index) });
}

function sleep(ms: number, signal: AbortSignal, log: { info(message: string): void }): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      log.info("cancelled");
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
