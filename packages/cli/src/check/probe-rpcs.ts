import type { PluginCalls } from "@framewright/host";
import type { CheckTarget } from "./check-context.js";
import { within } from "./launched-plugin.js";
import { isAnswered, outcome } from "./outcome.js";

/** How one RPC answered a plain request. */
export interface RpcAnswer {
  readonly name: string;
  /** The status's name; `OPEN` of a stream that had nothing to say yet. */
  readonly code: string;
  readonly answered: boolean;
}

/** How long an RPC may take, in ms. A health check may ask a database that is not there. */
const ANSWER_MS = 7_000;

/** How long a stream is listened to, in ms. */
const STREAM_MS = 300;

/** Makes each of Grafana's calls once, all at a time. */
export async function probeRpcs(calls: PluginCalls, { context, queries }: CheckTarget): Promise<RpcAnswer[]> {
  const call = { context, queries: [{ refId: "A", json: queries[0] }] };
  const channel = { context, path: "framewright-check" };
  const object = new TextEncoder().encode("{}");
  const kind = { group: "example.com", version: "v1", kind: "Check" };
  const admission = { context, operation: "create", kind, object } as const;
  const objects = [{ raw: object, contentType: "application/json" }];
  const unary: Readonly<Record<string, (options: { timeoutMs: number }) => Promise<unknown>>> = {
    QueryData: (options) => calls.queryData(call, options),
    CallResource: async (options) =>
      (await calls.callResource({ context, url: "framewright-check" }, options)).arrayBuffer(),
    CheckHealth: (options) => calls.checkHealth(context, options),
    CollectMetrics: (options) => calls.collectMetrics(context, options),
    SubscribeStream: (options) => calls.subscribeStream(channel, options),
    PublishStream: (options) => calls.publishStream({ ...channel, data: object }, options),
    ValidateAdmission: (options) => calls.validateAdmission(admission, options),
    MutateAdmission: (options) => calls.mutateAdmission(admission, options),
    ConvertObjects: (options) =>
      calls.convertObjects({ context, objects, targetVersion: { group: kind.group, version: kind.version } }, options),
  };
  const streams: Readonly<Record<string, (options: { signal: AbortSignal }) => AsyncIterable<unknown>>> = {
    QueryChunkedData: (options) => calls.queryChunkedData(call, options),
    RunStream: (options) => calls.runStream(channel, options),
  };
  return Promise.all([
    ...Object.entries(unary).map(([name, make]) => probeUnary(name, make({ timeoutMs: ANSWER_MS }))),
    ...Object.entries(streams).map(([name, make]) => probeStream(name, make)),
  ]);
}

async function probeUnary(name: string, call: Promise<unknown>): Promise<RpcAnswer> {
  try {
    const answer = await outcome(call);
    return { name, code: answer.code, answered: isAnswered(answer) };
  } catch {
    // An answer that this host cannot read is one; what is wrong with it is another requirement's concern.
    return { name, code: "OK", answered: true };
  }
}

async function probeStream(
  name: string,
  make: (options: { signal: AbortSignal }) => AsyncIterable<unknown>,
): Promise<RpcAnswer> {
  const controller = new AbortController();
  const first = probeUnary(name, firstOf(make({ signal: controller.signal })));
  const answer = await within(STREAM_MS, first);
  controller.abort();
  return answer ?? { name, code: "OPEN", answered: true };
}

async function firstOf(messages: AsyncIterable<unknown>): Promise<unknown> {
  for await (const message of messages) return message;
  return undefined;
}
