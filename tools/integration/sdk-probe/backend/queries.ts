import { openSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Frame, frame, numbers, strings } from "@framewright/data";
import { DownstreamError, PluginError, type QueryContext, requireSecret } from "@framewright/sdk";
import { Counter } from "@framewright/sdk/metrics";
import { z } from "zod";
import type { Client } from "./client.js";
import { failNetwork } from "./network.js";
import { requestInSpan, requestOnce } from "./request-once.js";

/** The queries that have no type of their own, told apart by what they are to do. */
export const Query = z.discriminatedUnion("act", [
  z.object({ act: z.literal("label") }),
  z.object({ act: z.literal("context") }),
  z.object({ act: z.literal("measure"), text: z.string() }),
  z.object({ act: z.literal("sleep"), ms: z.number() }),
  z.object({ act: z.literal("hang") }),
  z.object({ act: z.literal("openFiles") }),
  z.object({ act: z.literal("answerAfterCancel") }),
  z.object({ act: z.literal("throw"), what: z.enum(["string", "null", "hidden", "wrapped", "odd"]) }),
  z.object({ act: z.literal("return"), what: z.enum(["undefined", "string", "rows"]) }),
  z.object({
    act: z.literal("network"),
    how: z.enum(["fetch", "socket", "timeout", "abort"]),
    url: z.string(),
  }),
  z.object({ act: z.literal("requireSecret"), name: z.string() }),
  z.object({
    act: z.literal("request"),
    url: z.string(),
    path: z.string().default(""),
    span: z.boolean().default(false),
  }),
  z.object({ act: z.literal("leak"), how: z.enum(["throw", "log", "console", "timer"]) }),
]);

/** A metric of the probe's own. */
const asked = new Counter({ name: "probe_asked_total", help: "Queries by what they ask for.", labelNames: ["act"] });

let running = 0;
let most = 0;

/** Does what a query of the union asks for. */
export async function act(query: z.infer<typeof Query>, context: QueryContext<Client>): Promise<Frame> {
  const { instance, log, signal } = context;
  asked.inc({ act: query.act });
  switch (query.act) {
    case "label":
      return frame(instance.label, { v: numbers([1]) });
    case "context":
      return contextFrame(context);
    case "measure":
      return frame("length", { v: numbers([query.text.length]) });
    case "sleep":
      most = Math.max(most, ++running);
      await setTimeout(query.ms).finally(() => running--);
      return frame("most", { v: numbers([most]) });
    case "hang":
      log.info("hanging");
      return new Promise(() => {});
    case "openFiles":
      return frame("files", { opened: numbers([openFiles()]) });
    case "answerAfterCancel":
      log.info("waiting for the cancellation");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await setTimeout(50);
      log.info("answered nevertheless");
      return frame("late", { v: numbers([1]) });
    case "throw":
      throw thrown[query.what]();
    case "return":
      return JSON.parse("null") ?? wrong[query.what];
    case "network":
      return failNetwork(query.how, query.url);
    case "request":
      return frame("status", { v: numbers([await (query.span ? requestInSpan : requestOnce)(query, context)]) });
    case "requireSecret":
      return frame("secret", { length: numbers([requireSecret(instance.secrets, query.name).length]) });
    case "leak":
      return leak(query.how, instance.secrets["token"] ?? "", log);
  }
}

/** Frames in pieces of a thousand rows, the rows' numbers in them. */
export async function* pieces({ rows, failAt }: { rows: number; failAt?: number | undefined }): AsyncGenerator<Frame> {
  for (let first = 0; first < rows; first += 1_000) {
    if (failAt !== undefined && first >= failAt) {
      throw new DownstreamError(`row ${first} cannot be read`, { status: 503 });
    }
    const index = Array.from({ length: Math.min(1_000, rows - first) }, (_, i) => first + i);
    yield frame("pieces", { row: numbers(index), text: strings(index.map((i) => `row ${i}`)) });
    await setTimeout(0);
  }
}

/** Opens files until the system lets this process have no more, and never closes them. */
function openFiles(): number {
  for (let opened = 0; ; opened++) {
    try {
      openSync("/dev/null", "r");
    } catch {
      return opened;
    }
  }
}

const thrown = {
  string: () => "just text",
  null: () => null,
  hidden: () => new PluginError("the pool at 10.1.2.3 is exhausted", { userFacing: false }),
  wrapped: () => new Error("page 3", { cause: new DownstreamError("rate limit", { status: 429 }) }),
  // Its texts are none, as those of an error that a library makes from what a server answered can be.
  odd: () => Object.assign(new Error(), { message: { code: 7 }, name: null, stack: 1, cause: Object.create(null) }),
};

const wrong = { undefined, string: "rows", rows: { rows: [1] } };

function contextFrame({ headers, origin, namespace, orgId, user, timeRange, intervalMs }: QueryContext<Client>): Frame {
  const seen = { headers: Object.fromEntries(headers), origin, namespace, orgId, user, timeRange, intervalMs };
  return frame("context", { json: strings([JSON.stringify(seen)]) });
}

async function leak(how: string, token: string, log: QueryContext<Client>["log"]): Promise<Frame> {
  switch (how) {
    case "log":
      log.info(`using ${token}`, { request: { headers: { authorization: `Bearer ${token}` } } });
      break;
    case "console":
      console.log({ token });
      break;
    case "timer":
      globalThis.setTimeout(() => {
        throw new Error(`401 for ${token}`);
      }, 10);
      await new Promise(() => {});
      break;
    default:
      throw new DownstreamError(`https://api/?key=${encodeURIComponent(token)}`, { cause: new Error(token) });
  }
  return frame("leaked", { v: numbers([1]) });
}
