import { once } from "node:events";
import { constants } from "node:http2";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GrpcServer } from "../../src/server/grpc/grpc-server.js";
import type { ServerCall } from "../../src/server/grpc/server-call.js";
import { status } from "../../src/server/grpc/status.js";
import {
  answerTo,
  ask,
  begin,
  framed,
  PREFACE,
  rawData,
  rawHeaders,
  rawReset,
  type ServedGrpc,
  serveGrpc,
} from "./serve-grpc.js";

/** What a call was asked, and how it went. */
interface Seen {
  readonly call: ServerCall;
  readonly request: string;
  isOver: boolean;
}

const seen: Seen[] = [];
const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);
let served: ServedGrpc;

const LARGE = Buffer.alloc(20_000_000, "x");

function offer(server: GrpcServer): void {
  const notes = (call: ServerCall, request: Buffer): void => {
    const one: Seen = { call, request: request.toString(), isOver: false };
    seen.push(one);
    call.onOver(() => {
      one.isOver = true;
    });
  };
  server.answerOne("/s/echo", (call, request) => {
    notes(call, request);
    call.write([request]);
    call.end();
  });
  server.answerOne("/s/large", (call, request) => {
    notes(call, request);
    call.write([LARGE]);
    call.end();
  });
  server.answerOne("/s/wait", notes);
  server.answerOne("/s/fail", (call, request) => {
    call.end({ code: status.UNKNOWN, details: request.toString() });
  });
  server.answerMany("/s/each", (call) => ({
    onMessage: (message) => call.write([message]),
    onEnd: () => call.end(),
  }));
}

beforeEach(async () => {
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  served = await serveGrpc(offer, 1_000);
});

afterEach(async () => {
  await served[Symbol.asyncDispose]();
  await setImmediate();
  process.off("uncaughtException", note);
  process.off("unhandledRejection", note);
  seen.length = 0;
  expect(uncaught.splice(0)).toEqual([]);
});

const texts = (messages: readonly Buffer[]): string[] => messages.map(String);

describe("an answer", () => {
  it("is headers, a message and a status", async () => {
    const answer = await ask(served.connect(), "/s/echo", framed("hello"));
    expect(answer).toMatchObject({ code: "0", details: "", rstCode: 0 });
    expect(answer.headers).toMatchObject({ ":status": 200, "content-type": "application/grpc+proto" });
    expect(texts(answer.messages)).toEqual(["hello"]);
  });

  it("may be empty, and so may be its request", async () => {
    expect(texts((await ask(served.connect(), "/s/echo", framed(""))).messages)).toEqual([""]);
  });

  it.each(["plain", "100 % — ünïcode 🌍\r\n\t\0\x7f", "half \ud83d of a pair"])(
    "has a status in words: %j",
    async (text) => {
      const answer = await ask(served.connect(), "/s/fail", framed(text));
      expect(answer).toMatchObject({ code: "2", details: Buffer.from(text).toString(), messages: [] });
      expect(answer.headers).toMatchObject({ ":status": 200, "grpc-status": "2" });
    },
  );

  it("has a status of any words that a handler comes by", async () => {
    await using other = await serveGrpc((server) =>
      server.answerOne("/s/half", (call) => call.end({ code: status.UNKNOWN, details: "half \ud83d of a pair" })),
    );
    expect(await ask(other.connect(), "/s/half")).toMatchObject({ code: "2", details: "half \ufffd of a pair" });
  });

  it("that no length can say is refused, and the call ends", async () => {
    const gib = new Uint8Array(2 ** 30);
    await using other = await serveGrpc((server) =>
      server.answerOne("/s/huge", (call) => {
        call.write([gib, gib, gib, gib]);
        call.end();
      }),
    );
    expect(await ask(other.connect(), "/s/huge")).toMatchObject({ code: "8", messages: [] });
  });
});

describe("an answer that is not bytes", () => {
  it.each([["a text"], [[1, 2, 3]], [undefined]])("ends its call and no other: %j", async (part) => {
    await using other = await serveGrpc((server) => {
      server.answerOne("/s/odd", (call) => {
        // What plain JavaScript may hand over.
        call.write(JSON.parse(JSON.stringify([part ?? null])));
        call.end();
      });
      server.answerOne("/s/echo", (call, request) => {
        call.write([request]);
        call.end();
      });
    });
    const session = other.connect();
    expect(await ask(session, "/s/odd")).toMatchObject({ code: "13", messages: [] });
    expect(await ask(session, "/s/echo", framed("hello"))).toMatchObject({ code: "0" });
  });
});

describe("a request", () => {
  it("may come in pieces of a byte", async () => {
    const stream = begin(served.connect(), "/s/each");
    const answered = answerTo(stream);
    for (const byte of Buffer.concat([framed("one"), framed(""), framed("three")])) {
      stream.write(Buffer.of(byte));
      await setImmediate();
    }
    stream.end();
    const answer = await answered;
    expect(answer.code).toBe("0");
    expect(texts(answer.messages)).toEqual(["one", "", "three"]);
  });

  it.each([
    ["without a message", Buffer.alloc(0), "12", "Received no request message for method /s/echo"],
    ["with two messages", Buffer.concat([framed("1"), framed("2")]), "12", "Received a second request message"],
    ["that ends within its message", framed("hello").subarray(0, 7), "13", "the request ends within a message"],
    ["that ends within its prefix", framed("hello").subarray(0, 3), "13", "the request ends within a message"],
    ["that says it is larger than it may be", framed("x".repeat(1_001)), "8", "larger than max (1001 vs 1000)"],
    ["that is compressed with nothing", framed("hello", 1), "13", "compressed"],
    ["whose prefix is none", framed("hello", 2), "13", "flag"],
  ])("%s is refused", async (_, body, code, details) => {
    const answer = await ask(served.connect(), "/s/echo", body);
    expect(answer).toMatchObject({ code, details: expect.stringContaining(details), messages: [] });
    expect(seen).toEqual([]);
  });

  it("may be compressed, and keeps its order with those that are not", async () => {
    const body = Buffer.concat([framed(gzipSync("a"), 1), framed("b"), framed(gzipSync("c"), 1), framed("d")]);
    const answer = await ask(served.connect(), "/s/each", body, { "grpc-encoding": "gzip" });
    expect(texts(answer.messages)).toEqual(["a", "b", "c", "d"]);
    expect(answer.code).toBe("0");
  });

  it.each([
    ["is larger when unpacked", gzipSync("x".repeat(1_001)), "gzip", "8"],
    ["is damaged", Buffer.from("damaged"), "gzip", "13"],
    ["is packed in an unknown way", gzipSync("x"), "snappy", "12"],
  ])("that %s ends its stream", async (_, packed, encoding, code) => {
    const body = Buffer.concat([framed("a"), framed(packed, 1), framed("b")]);
    const answer = await ask(served.connect(), "/s/each", body, { "grpc-encoding": encoding });
    expect(answer).toMatchObject({ code });
    expect(texts(answer.messages)).toEqual(["a"]);
  });

  it.each([
    [
      "of another method",
      { ":path": "/s/none" },
      { code: "12", details: "The server does not implement the method /s/none" },
    ],
    ["with a timeout that is none", { "grpc-timeout": "soon" }, { code: "13" }],
    ["of another HTTP method", { ":method": "HEAD" }, { headers: { ":status": 405 } }],
    ["that is no gRPC", { "content-type": "text/html" }, { headers: { ":status": 415 } }],
    ["of a path that is odd", { ":path": `/${"%".repeat(25_000)}` }, { code: "12" }],
    ["with many headers", Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, "y"])), { code: "0" }],
  ])("%s is answered", async (_, headers, expected) => {
    const session = served.connect();
    expect(await ask(session, "/s/echo", framed("hello"), headers)).toMatchObject(expected);
    expect(await ask(session, "/s/echo", framed("hello"))).toMatchObject({ code: "0" });
  });

  it("that is refused gets its answer before it is sent to its end", async () => {
    const stream = begin(served.connect(), "/s/none");
    stream.write(framed("x".repeat(900)));
    const [headers] = await once(stream, "response");
    expect(headers).toMatchObject({ "grpc-status": "12" });
  });
});

describe("a deadline", () => {
  it.each(["50m", "50000u", "50000000n", "0S"])("of %s ends a call that takes longer", async (timeout) => {
    const answer = await ask(served.connect(), "/s/wait", framed(""), { "grpc-timeout": timeout });
    expect(answer).toMatchObject({ code: "4", details: "Deadline exceeded" });
    expect(seen.every(({ isOver }) => isOver)).toBe(true);
  });

  it("within a large message closes the stream", async () => {
    await using other = await serveGrpc((server) => server.answerOne("/s/large", (call) => call.write([LARGE])));
    const stream = begin(other.connect(), "/s/large", { "grpc-timeout": "100m" });
    stream.end(framed(""));
    // Nothing is read before.
    await once(stream, "close");
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
  });

  it("that is far away needs no timer, and one that was met leaves none", async () => {
    const session = served.connect();
    expect(await ask(session, "/s/echo", framed(""), { "grpc-timeout": "99999999H" })).toMatchObject({ code: "0" });
    expect(await ask(session, "/s/echo", framed(""), { "grpc-timeout": "50m" })).toMatchObject({ code: "0" });
    await delay(80);
    expect(seen.map(({ call }) => call.deadline > Date.now())).toEqual([true, false]);
  });
});

describe("a call that the client gives up", () => {
  it.each([
    ["CANCEL", constants.NGHTTP2_CANCEL],
    ["NO_ERROR", constants.NGHTTP2_NO_ERROR],
    ["INTERNAL_ERROR", constants.NGHTTP2_INTERNAL_ERROR],
  ])("by %s is over, and may be answered in vain", async (_, code) => {
    const socket = served.dial();
    const headers = {
      ":method": "POST",
      ":scheme": "http",
      ":authority": "localhost",
      ":path": "/s/wait",
      "content-type": "application/grpc",
    };
    socket.write(Buffer.concat([PREFACE, rawHeaders(1, headers), rawData(1, framed("a"), true)]));
    await expect.poll(() => seen.length).toBe(1);
    socket.write(rawReset(1, code));
    await expect.poll(() => seen[0]?.isOver).toBe(true);
    seen[0]?.call.write([LARGE]);
    seen[0]?.call.end();
    seen[0]?.call.onOver(() => seen.pop());
    expect(seen).toEqual([]);
  });

  it.each([0, 8])("with %s before its request has ended is not answered", async (code) => {
    const socket = served.dial();
    const pseudo = { ":method": "POST", ":scheme": "http", ":authority": "localhost", ":path": "/s/echo" };
    const headers = rawHeaders(1, { ...pseudo, "content-type": "application/grpc" });
    socket.write(Buffer.concat([PREFACE, headers, rawData(1, framed("a"))]));
    await once(socket, "data");
    await delay(20);
    socket.write(rawReset(1, code));
    expect(await ask(served.connect(), "/s/wait", framed("b"), { "grpc-timeout": "20m" })).toMatchObject({ code: "4" });
    expect(seen.map(({ request }) => request)).toEqual(["b"]);
  });

  it.each([0, 8])("as it comes, with %s, is none", async (code) => {
    const socket = served.dial();
    const base = { ":method": "POST", ":scheme": "http", ":authority": "localhost" };
    const kinds = [
      { ":path": "/s/none", "content-type": "application/grpc" },
      { ":path": "/s/echo", "content-type": "application/grpc" },
      { ":path": "/s/large", "content-type": "application/grpc" },
      { ":path": "/s/each", "content-type": "application/grpc" },
      { ":path": "/s/wait", "content-type": "application/grpc", "grpc-timeout": "soon" },
      { ":path": "/s/wait", "content-type": "application/grpc", "grpc-timeout": "1n" },
      { ":path": "/", "content-type": "text/html" },
    ];
    const frames = kinds.flatMap((kind, index) =>
      [0, 1, 2, 3].flatMap((stage) => {
        const id = 1 + 2 * (4 * index + stage);
        return [
          rawHeaders(id, { ...base, ...kind }, stage === 3),
          ...(stage === 1 ? [rawData(id, framed("a"))] : []),
          ...(stage === 2 ? [rawData(id, framed("a"), true)] : []),
          rawReset(id, code),
        ];
      }),
    );
    socket.write(Buffer.concat([PREFACE, ...frames]));
    await expect.poll(() => ask(served.connect(), "/s/echo")).toMatchObject({ code: "0" });
    await expect.poll(() => seen.every(({ isOver }) => isOver)).toBe(true);
  });

  it("with a large answer on its way holds nothing back", async () => {
    const session = served.connect();
    const taken: string[] = [];
    await using other = await serveGrpc((server) =>
      server.answerOne("/s/large", (call) => {
        call.write([LARGE], () => taken.push("first"));
        call.write([LARGE], () => taken.push("second"));
        call.write([Buffer.from("small")], () => taken.push("small"));
        call.onOver(() => taken.push("over"));
      }),
    );
    const stream = begin(other.connect(), "/s/large");
    stream.end(framed(""));
    await once(stream, "response");
    await delay(20);
    expect(taken).toEqual([]);
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => [...taken].sort()).toEqual(["first", "over", "second", "small"]);
    expect(await ask(session, "/s/echo")).toMatchObject({ code: "0" });
  });

  it("by the end of its connection is over", async () => {
    const session = served.connect();
    const streams = ["/s/wait", "/s/large", "/s/wait"].map((path) => begin(session, path));
    for (const stream of streams) {
      stream.end(framed(""));
    }
    await expect.poll(() => seen.length).toBe(3);
    session.destroy();
    await expect.poll(() => seen.every(({ isOver }) => isOver)).toBe(true);
    for (const { call } of seen) {
      call.write([LARGE]);
      call.end({ code: status.ABORTED, details: "late" });
    }
  });

  it("half is one whose rest is still wanted", async () => {
    const stream = begin(served.connect(), "/s/each");
    stream.end(framed("a"));
    expect(await answerTo(stream)).toMatchObject({ code: "0", messages: [Buffer.from("a")] });
  });
});

describe("many calls", () => {
  it("on one connection, of which some read slowly, are each answered", async () => {
    const session = served.connect();
    const slow = begin(session, "/s/large");
    slow.end(framed(""));
    await once(slow, "response");
    const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => ask(session, "/s/echo", framed(`${n}`))));
    expect(answers.map(({ messages }) => String(messages[0]))).toEqual(answers.map((_, n) => `${n}`));
    const { messages, code } = await answerTo(slow);
    expect([messages[0]?.equals(LARGE), code]).toEqual([true, "0"]);
  });

  it("are answered in the order of their messages, whatever their size", async () => {
    const sizes = [0, 1, 16_384, 16_385, 5, 300_000, 7, 1_500_000, 0, 16_000];
    await using other = await serveGrpc((server) =>
      server.answerOne("/s/sizes", (call) => {
        for (const size of sizes) {
          call.write([Buffer.alloc(size >> 1, "a"), Buffer.alloc(0), Buffer.alloc(size - (size >> 1), "b")]);
        }
        call.end({ code: status.ABORTED, details: "behind all" });
      }),
    );
    const answer = await ask(other.connect(), "/s/sizes");
    expect(answer.messages.map(({ length }) => length)).toEqual(sizes);
    expect(answer).toMatchObject({ code: "10", details: "behind all" });
  });
});

describe("what is no HTTP/2", () => {
  it.each([
    ["HTTP/1", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
    ["zeros", Buffer.alloc(1_000)],
    ["a preface and zeros", Buffer.concat([PREFACE, Buffer.alloc(1_000, 255)])],
  ])("%s costs its own connection alone", async (_, bytes) => {
    const session = served.connect();
    const socket = served.dial();
    socket.on("data", () => {});
    socket.write(bytes);
    await expect.poll(() => socket.bytesRead).toBeGreaterThan(0);
    expect(await ask(session, "/s/echo")).toMatchObject({ code: "0" });
  });
});

describe("close", () => {
  it("waits for the calls that run, and takes no more", async () => {
    const idle = served.connect();
    await once(idle, "connect");
    const session = served.connect();
    const stream = begin(session, "/s/wait");
    stream.end(framed(""));
    const answered = answerTo(stream);
    await expect.poll(() => seen.length).toBe(1);
    let isClosed = false;
    const closed = served.server.close().then(() => {
      isClosed = true;
    });
    await once(session, "goaway");
    await expect.poll(() => idle.closed).toBe(true);
    expect(isClosed).toBe(false);
    seen[0]?.call.write([LARGE]);
    seen[0]?.call.end();
    expect(await answered).toMatchObject({ code: "0" });
    await closed;
    const late = served.dial();
    await once(late, "error");
  });
});
