import { describe, expect, it } from "vitest";
import { errorCode } from "../../src/server/http2/error-code.js";
import { encodeHeaders } from "../../src/server/http2/hpack/encode-headers.js";
import type { Http2Stream } from "../../src/server/http2/http2-stream.js";
import { REQUEST } from "./raw-client.js";
import { frame, NO_SETTINGS, PREFACE, settings, uint32 } from "./raw-frames.js";
import { answerWith, STATUS_200, serveHttp2 } from "./serve-http2.js";

/** Headers of a request that goes on. */
function begun(streamId: number, ...headers: (readonly [string, string])[]): Buffer {
  return frame(1, 4, streamId, Buffer.concat([REQUEST, encodeHeaders(headers)]));
}

function codes(resets: readonly { readonly streamId: number; readonly payload: Buffer }[]): number[][] {
  return resets.map(({ streamId, payload }) => [streamId, payload.readUInt32BE()]);
}

describe("Http2Connection, frame by frame", () => {
  it("sends frames as long as the client takes them", async () => {
    await using server = await serveHttp2((stream) => {
      stream.respond(encodeHeaders([["x-long", "v".repeat(50_000)]]));
      stream.write([Buffer.alloc(65_000)]);
      stream.listener = { onData: () => {}, onEnd: () => stream.end(STATUS_200), onGone: () => {} };
    });
    const client = server.dialRaw();
    client.send(settings({ 5: 30_000 }), begun(1), frame(0, 1, 1));
    await client.until({ type: 1, flags: 5 });
    const lengths = (type: number) => client.came({ type }).map(({ payload }) => payload.length);
    expect([lengths(1), lengths(9), lengths(0)]).toEqual([[30_000, 1], [20_012], [30_000, 30_000, 5_000]]);
  });

  it("passes over what still comes of a request that was answered, up to its end", async () => {
    const events: string[] = [];
    await using server = await serveHttp2((stream) => {
      stream.listener = {
        onData: () => events.push("data"),
        onEnd: () => events.push("end"),
        onGone: () => events.push("gone"),
      };
      stream.respond(STATUS_200, true);
    });
    const client = server.dialRaw();
    client.send(begun(1));
    expect(codes(await client.until({ type: 3 }))).toEqual([[1, errorCode.NO_ERROR]]);
    client.send(frame(0, 0, 1, Buffer.from("more")), frame(8, 0, 1, uint32(5)), frame(0, 1, 1));
    client.send(frame(6, 0, 0, Buffer.alloc(8)));
    await client.until({ type: 6 });
    expect([events, client.came({ type: 3 }).length]).toEqual([[], 1]);
    // Behind the end nothing may come.
    client.send(frame(0, 0, 1, Buffer.from("more")));
    expect(codes(await client.until({ type: 3 }, 2))[1]).toEqual([1, errorCode.STREAM_CLOSED]);
  });

  it.each([
    ["shorter", ["ab"]],
    ["longer", ["ab", "cdef"]],
    ["less", [""]],
  ])("refuses a request that is %s than it says", async (_how, pieces) => {
    const events: string[] = [];
    await using server = await serveHttp2((stream) => {
      stream.listener = { onData: () => {}, onEnd: () => events.push("end"), onGone: () => events.push("gone") };
    });
    const client = server.dialRaw();
    client.send(
      begun(1, ["content-length", "4"]),
      ...pieces.map((piece) => frame(0, 0, 1, Buffer.from(piece))),
      frame(0, 1, 1),
    );
    expect(codes(await client.until({ type: 3 }))).toEqual([[1, errorCode.PROTOCOL_ERROR]]);
    expect(events).toEqual(["gone"]);
    client.send(
      begun(3, ["content-length", "4"]),
      frame(0, 1, 3, Buffer.from("abcd")),
      frame(6, 0, 0, Buffer.alloc(8)),
    );
    await client.until({ type: 6 });
    expect(events).toEqual(["gone", "end"]);
  });

  it("takes padding for what it is", async () => {
    const pieces: string[] = [];
    let asked: Http2Stream | undefined;
    await using server = await serveHttp2((stream) => {
      asked = stream;
      stream.listener = {
        onData: (piece) => pieces.push(`${piece}`),
        onEnd: () => pieces.push("end"),
        onGone: () => {},
      };
    });
    const client = server.dialRaw();
    const padded = Buffer.concat([Buffer.of(3), REQUEST, Buffer.alloc(3)]);
    client.send(
      frame(1, 12, 1, padded),
      frame(0, 8, 1, Buffer.from("\x02ab\0\0")),
      frame(0, 9, 1, Buffer.from("\x01\0")),
    );
    await expect.poll(() => pieces).toEqual(["ab", "end"]);
    expect(asked?.headers[":method"]).toBe("POST");
  });

  it("never names a stream that it refused as one that it took", async () => {
    const streams: Http2Stream[] = [];
    await using server = await serveHttp2((stream) => {
      streams.push(stream);
      answerWith(stream);
    });
    const client = server.dialRaw();
    client.send(begun(1));
    await expect.poll(() => streams.length).toBe(1);
    server.served[0]?.connection.close();
    await client.until({ type: 7 });
    client.send(begun(3), frame(6, 0, 0, Buffer.alloc(7)));
    expect(await client.goneWith()).toBe(errorCode.FRAME_SIZE_ERROR);
    expect(client.came({ type: 7 }).map(({ payload }) => payload.readUInt32BE(0))).toEqual([1, 1]);
  });

  it("tells that a client is gone that reads nothing and will never ask again", async () => {
    const events: string[] = [];
    await using server = await serveHttp2((stream) => {
      stream.respond(STATUS_200);
      stream.write([Buffer.alloc(20_000_000)], () => events.push("taken"));
      stream.listener = { onData: () => {}, onEnd: () => {}, onGone: () => events.push("gone") };
    });
    const socket = server.dial();
    const widened = frame(8, 0, 0, uint32(1_000_000_000));
    socket.write(Buffer.concat([PREFACE, settings({ 4: 1_000_000_000 }), widened, begun(1)]));
    await expect.poll(() => server.served[0]?.socket.writableLength).toBeGreaterThan(0);
    expect(events).toEqual([]);
    socket.end();
    await expect.poll(() => events).toEqual(["taken", "gone"]);
    await expect.poll(() => server.served[0]?.isClosed).toBe(true);
  });

  it("does not wait for a client that broke the rules, and neither reads why nor leaves", async () => {
    await using server = await serveHttp2(() => {});
    const socket = server.dial();
    socket.write(Buffer.concat([PREFACE, NO_SETTINGS, frame(0, 0, 0)]));
    await expect.poll(() => server.served[0]?.isClosed).toBe(true);
    await expect.poll(() => server.served[0]?.socket.destroyed, { timeout: 5_000 }).toBe(true);
  });
});
