import { connect as connectSocket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CheckHealthRequest, DataService, DiagnosticsService, type QueryDataRequest } from "@framewright/host/wire";
import type { CheckContext, Session } from "../check-context.js";
import { isAnswered, outcome } from "../outcome.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, notApplicable, passed, type Verdict } from "../verdict.js";
import { targetQuery, wireRequest } from "../wire-queries.js";

const MEBIBYTE = 1024 * 1024;

/** How long a call may take, in ms. */
const ANSWER_MS = 5_000;

/** How long a large call may take, in ms. */
const LARGE_ANSWER_MS = 8_000;

/** Calls that are cancelled, one after the other, each a little later after its start. */
const CANCELLED_CALLS = 10;

/** Calls at a time. */
const CONCURRENT_CALLS = 64;

/** A message with a field of wire type 7, which there is none of. */
const UNREADABLE = Buffer.from([0x0f, 0xff, 0xff]);

/** The key of field 2,000, whose value is bytes. */
const UNKNOWN_FIELD = Buffer.from([0x82, 0x7d]);

/** What holds for calls of any kind. */
export const calls: RequirementGroup = {
  name: "Calls",
  requirements: [
    {
      id: "C1",
      title: "Calls that are cancelled or run out of time leave the plugin serving",
      source: sources.grpcStatus,
      async run(context) {
        const session = await context.session();
        const request = wireRequest(context, [["A", targetQuery(context, 0)]]);
        for (let ms = 0; ms < CANCELLED_CALLS; ms++) {
          const signal = AbortSignal.timeout(ms);
          await session.rpc.unary(DataService.queryData, request, { signal }).catch(() => {});
          await outcome(session.rpc.unary(DataService.queryData, request, { timeoutMs: ms + 1 }));
        }
        return servesOn(session);
      },
    },
    {
      id: "C2",
      title: `${CONCURRENT_CALLS} calls at a time are all answered, as each is alone`,
      source: sources.guide,
      async run(context) {
        const session = await context.session();
        const alone = await queryCode(context, session);
        const codes = await Promise.all(Array.from({ length: CONCURRENT_CALLS }, () => queryCode(context, session)));
        const others = codes.filter((code) => code !== alone);
        if (others.length === 0) return passed();
        return failed(
          `${alone} ${CONCURRENT_CALLS} times`,
          `${[...new Set(others)].join(", ")} ${others.length} times`,
        );
      },
    },
    {
      id: "C3",
      title: "A message over 16 MiB is answered with RESOURCE_EXHAUSTED, and the connection lives on",
      source: sources.serve,
      async run(context) {
        const session = await context.session();
        const { code, details } = await sendLarge(context, session, 17 * MEBIBYTE);
        const alive = await servesOn(session);
        if (alive.status !== "passed") return alive;
        if (code === "RESOURCE_EXHAUSTED") return passed();
        if (!isAnswered({ code })) return failed("RESOURCE_EXHAUSTED", details);
        return notApplicable("it takes larger messages");
      },
    },
    {
      id: "C4",
      title: "A message of 15 MiB is taken",
      source: sources.serve,
      level: "recommended",
      async run(context) {
        const { code, details } = await sendLarge(context, await context.session(), 15 * MEBIBYTE);
        const refused = code === "RESOURCE_EXHAUSTED" || !isAnswered({ code });
        return refused ? failed("any other answer than that the message is too large", details) : passed(code);
      },
    },
    {
      id: "C5",
      title: "A message that cannot be read is answered with an error, and the plugin serves on",
      source: sources.grpcStatus,
      async run(context) {
        const session = await context.session();
        for (const path of [DataService.queryData.path, DiagnosticsService.checkHealth.path]) {
          const method = { ...DiagnosticsService.checkHealth, path, requestSerialize: () => UNREADABLE };
          const request = CheckHealthRequest.fromPartial({});
          const { code } = await outcome(session.rpc.unary(method, request, { timeoutMs: ANSWER_MS }));
          if (code === "OK" || !isAnswered({ code })) return failed("an error", code);
        }
        return servesOn(session);
      },
    },
    {
      id: "C6",
      title: "A client that speaks no gRPC leaves the plugin serving",
      source: sources.guide,
      async run(context) {
        const session = await context.session();
        for (const text of [
          "GET / HTTP/1.1\r\n\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        ]) {
          await sendGarbage(session, Buffer.from(text, "latin1"));
        }
        return servesOn(session);
      },
    },
  ],
};

/** How long a client that speaks no gRPC stays, in ms. */
const GARBAGE_MS = 50;

async function sendGarbage({ handshake }: Session, bytes: Buffer): Promise<void> {
  const [, host, port] = /^(.*):(\d+)$/.exec(handshake.address) ?? [];
  const socket =
    handshake.network === "unix"
      ? connectSocket(handshake.address)
      : connectSocket({ host: host ?? "", port: Number(port) });
  socket.on("error", () => {});
  socket.write(bytes);
  await delay(GARBAGE_MS);
  socket.destroy();
}

/** Any answer to a health check is one, also that there is none. */
async function servesOn({ rpc, launched }: Session): Promise<Verdict> {
  const request = CheckHealthRequest.fromPartial({});
  const { code, details } = await outcome(rpc.unary(DiagnosticsService.checkHealth, request, { timeoutMs: ANSWER_MS }));
  const exit = await launched.exitWithin(0);
  if (exit !== undefined) return failed("a plugin that serves on", `it ended with ${exit.code ?? exit.signal}`);
  return isAnswered({ code }) ? passed() : failed("a plugin that serves on", details);
}

async function queryCode(context: CheckContext, { rpc }: Session): Promise<string> {
  const request = wireRequest(context, [["A", targetQuery(context, 0)]]);
  return (await outcome(rpc.unary(DataService.queryData, request, { timeoutMs: ANSWER_MS }))).code;
}

/**
 * Asks a query in a message of so many bytes. Most of them are a field that pluginv2 does not have, which every decoder skips: what
 * counts is the message's size, not what the plugin makes of a large query.
 */
function sendLarge(context: CheckContext, { rpc }: Session, bytes: number) {
  const { queryData } = DataService;
  const requestSerialize = (request: QueryDataRequest): Buffer => {
    const length = Buffer.alloc(4);
    for (let index = 0, rest = bytes; index < length.length; index++, rest >>>= 7) {
      length[index] = (rest & 0x7f) | (index < length.length - 1 ? 0x80 : 0);
    }
    return Buffer.concat([queryData.requestSerialize(request), UNKNOWN_FIELD, length, Buffer.alloc(bytes)]);
  };
  const request = wireRequest(context, [["A", targetQuery(context, 0)]]);
  return outcome(rpc.unary({ ...queryData, requestSerialize }, request, { timeoutMs: LARGE_ANSWER_MS }));
}
