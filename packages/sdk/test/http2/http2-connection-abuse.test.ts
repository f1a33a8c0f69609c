import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { errorCode } from "../../src/server/http2/error-code.js";
import { encodeHeaders } from "../../src/server/http2/hpack/encode-headers.js";
import type { Http2Stream } from "../../src/server/http2/http2-stream.js";
import { REQUEST } from "./raw-client.js";
import { frame, NO_SETTINGS, PREFACE, settings, uint32 } from "./raw-frames.js";
import { answerWith, END, STATUS_200, serveHttp2 } from "./serve-http2.js";

const LONG_ANSWER = encodeHeaders([
  [":status", "200"],
  ["x-long", "v".repeat(200)],
]);
const MIB = 1024 * 1024;

/** A request that is complete. */
function request(streamId: number): Buffer {
  return frame(1, 5, streamId, REQUEST);
}

/** Headers of a request that goes on. */
function begun(streamId: number): Buffer {
  return frame(1, 4, streamId, REQUEST);
}

describe("Http2Connection, asked by a client that is not polite", () => {
  it.each([
    ["pings", frame(6, 0, 0, Buffer.alloc(8))],
    ["says again and again what it is like", NO_SETTINGS],
    [
      "has streams reset among pings",
      Buffer.concat([frame(2, 0, 1, Buffer.concat([uint32(1), Buffer.of(0)])), ...pings(20)]),
    ],
    ["asks, and leaves it at that", Buffer.alloc(0)],
  ])("hangs up on one that %s and reads nothing", async (_how, one) => {
    await using server = await serveHttp2((stream) => {
      stream.listener = { onData: () => {}, onEnd: () => stream.respond(LONG_ANSWER, true), onGone: () => {} };
    });
    const socket = server.dial();
    socket.write(Buffer.concat([PREFACE, NO_SETTINGS]));
    await expect.poll(() => server.served.length).toBe(1);
    const [served] = server.served;
    let waiting = 0;
    served?.socket.on("data", () => {
      waiting = Math.max(waiting, served.socket.writableLength);
    });
    let next = 1;
    let sent = 0;
    while (!socket.destroyed && served?.isClosed === false && sent < 100 * MIB) {
      const many = Array.from({ length: 1_000 }, () => {
        next += 2;
        return one.length > 0 ? one : request(next);
      });
      const bytes = Buffer.concat(many);
      sent += bytes.length;
      if (!socket.write(bytes)) {
        await roomIn(socket);
      }
    }
    expect([served?.isClosed, served?.socket.destroyed]).toEqual([true, true]);
    expect(waiting).toBeGreaterThan(MIB);
    expect(waiting).toBeLessThan(10 * MIB);
  });

  it("hangs up on a block of headers without end, also of frames without a byte", async () => {
    for (const part of [Buffer.alloc(0), Buffer.alloc(1_000, 0x82)]) {
      await using server = await serveHttp2((stream) => answerWith(stream));
      const client = server.dialRaw();
      client.send(frame(1, 0, 1, REQUEST));
      const many = Buffer.concat(Array.from({ length: 1_000 }, () => frame(9, 0, 1, part)));
      for (let sent = 0; sent < 10 * MIB && server.served[0]?.isClosed !== true; sent += many.length) {
        client.send(many);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(server.served[0]?.isClosed).toBe(true);
      expect(await client.goneWith()).toBe(errorCode.ENHANCE_YOUR_CALM);
    }
  });

  it("forgets requests that are given up at once, and goes on", async () => {
    let [begins, gone] = [0, 0];
    await using server = await serveHttp2((stream) => {
      begins++;
      answerWith(stream);
      stream.listener = { onData: () => {}, onEnd: () => stream.respond(STATUS_200, true), onGone: () => gone++ };
    });
    const client = server.dialRaw();
    for (let id = 1; id < 20_000; id += 2) {
      client.send(begun(id), frame(3, 0, id, uint32(errorCode.CANCEL)));
    }
    client.send(request(20_001));
    const [answer] = await client.until({ type: 1 });
    expect([answer?.streamId, answer?.flags, begins, gone]).toEqual([20_001, 5, 10_001, 10_000]);
    server.served[0]?.connection.close();
    await expect.poll(() => client.hasEnded).toBe(true);
  });

  it("holds only what the windows allow, whatever is asked for", async () => {
    const streams: Http2Stream[] = [];
    await using server = await serveHttp2((stream) => {
      streams.push(stream);
      answerWith(stream, Buffer.alloc(200_000));
    });
    const client = server.dialRaw();
    client.send(settings({ 4: 10 }), request(1), request(3));
    await client.until({ type: 0 }, 2);
    expect(client.came({ type: 0 }).map(({ streamId, payload }) => [streamId, payload.length])).toEqual([
      [1, 10],
      [3, 10],
    ]);
    client.send(frame(8, 0, 1, uint32(300_000)), frame(6, 0, 0, Buffer.from("12345678")));
    await client.until({ type: 6 });
    await expect.poll(() => sum(client.came({ type: 0 }))).toBe(65_535);
    client.send(frame(8, 0, 0, uint32(300_000)));
    await client.until({ type: 1, streamId: 1, flags: 5 });
    expect([sum(client.came({ type: 0, streamId: 1 })), sum(client.came({ type: 0, streamId: 3 }))]).toEqual([
      200_000, 10,
    ]);
    expect(client.came({ type: 6 })[0]?.payload.toString()).toBe("12345678");
  });

  it("ends the answer of a stream whose window has fallen below 0", async () => {
    const streams: Http2Stream[] = [];
    await using server = await serveHttp2((stream) => {
      streams.push(stream);
      stream.respond(STATUS_200);
      stream.write([Buffer.alloc(100)]);
      stream.listener = { onData: () => {}, onEnd: () => stream.end(END), onGone: () => {} };
    });
    const client = server.dialRaw();
    client.send(begun(1));
    await client.until({ type: 0 });
    client.send(settings({ 4: 0 }), frame(0, 1, 1));
    const frames = await client.until({ type: 1, streamId: 1 }, 2);
    expect(frames[1]?.flags).toBe(5);
    expect(sum(client.came({ type: 0 }))).toBe(100);
    // What is sent on others is not more for it.
    client.send(settings({ 4: 1_000_000 }), begun(3));
    await expect.poll(() => streams.length).toBe(2);
    streams[1]?.write([Buffer.alloc(100_000)]);
    await expect.poll(() => sum(client.came({ type: 0 }))).toBeGreaterThanOrEqual(65_535);
    expect(sum(client.came({ type: 0 }))).toBe(65_535);
  });

  it.each([
    ["a stream's", 1, MIB],
    ["the connection's", 0, 4 * MIB],
  ])("tells that it takes more of %s window before that is used up", async (_whose, streamId, size) => {
    let bytes = 0;
    await using server = await serveHttp2((stream) => {
      stream.listener = { onData: (piece) => (bytes += piece.length), onEnd: () => {}, onGone: () => {} };
    });
    const client = server.dialRaw();
    client.send(begun(1), begun(3), begun(5), begun(7), begun(9));
    const ids = streamId === 0 ? [1, 3, 5, 7, 9] : [streamId];
    for (let at = 0; at <= size / 2; at += 16_384) {
      const id = ids[(at / 16_384) % ids.length] ?? 1;
      client.send(frame(0, 0, id, Buffer.alloc(16_384)));
    }
    await expect.poll(() => bytes).toBeGreaterThan(size / 2);
    const [update] = (await client.until({ type: 8, streamId }, streamId === 0 ? 2 : 1)).slice(-1);
    expect(update?.payload.readUInt32BE()).toBe(bytes);
  });

  it("ends a stream that is sent more than its window", async () => {
    await using server = await serveHttp2((stream) => {
      stream.listener = { onData: () => {}, onEnd: () => {}, onGone: () => {} };
      // What never was told that it may send more.
      stream.receiveWindow.takeUpdate = () => 0;
    });
    const client = server.dialRaw();
    client.send(begun(1));
    for (let sent = 0; sent <= MIB; sent += 16_384) {
      client.send(frame(0, 0, 1, Buffer.alloc(16_384)));
    }
    const [reset] = await client.until({ type: 3 });
    expect(reset?.payload.readUInt32BE()).toBe(errorCode.FLOW_CONTROL_ERROR);
  });

  it("finishes what runs when it closes, though requests cross that", async () => {
    const streams: Http2Stream[] = [];
    await using server = await serveHttp2((stream) => {
      streams.push(stream);
      answerWith(stream, Buffer.from("all"));
    });
    const client = server.dialRaw();
    client.send(begun(1));
    await expect.poll(() => streams.length).toBe(1);
    server.served[0]?.connection.close();
    const [goAway] = await client.until({ type: 7 });
    expect([goAway?.payload.readUInt32BE(0), goAway?.payload.readUInt32BE(4)]).toEqual([1, errorCode.NO_ERROR]);
    // Sent before the client knew.
    client.send(begun(3), frame(0, 0, 3, Buffer.from("ab")), frame(0, 1, 3, Buffer.from("cd")), request(5));
    client.send(begun(7), frame(8, 0, 7, uint32(10)), frame(3, 0, 7, uint32(errorCode.CANCEL)));
    const resets = await client.until({ type: 3 }, 3);
    expect(resets.map(({ streamId, payload }) => [streamId, payload.readUInt32BE()])).toEqual([
      [3, errorCode.REFUSED_STREAM],
      [5, errorCode.REFUSED_STREAM],
      [7, errorCode.REFUSED_STREAM],
    ]);
    client.send(frame(0, 1, 1));
    await client.until({ type: 1, streamId: 1, flags: 5 });
    expect(client.came({ type: 0, streamId: 1 }).map(({ payload }) => `${payload}`)).toEqual(["all"]);
    await expect.poll(() => [client.hasEnded, server.served[0]?.isClosed]).toEqual([true, true]);
    expect([streams.length, client.came({ type: 7 }).length]).toEqual([1, 1]);
  });

  it("says why it hangs up, and does not wait for one that stays", async () => {
    const events: string[] = [];
    await using server = await serveHttp2((stream) => {
      stream.listener = { onData: () => {}, onEnd: () => {}, onGone: () => events.push("gone") };
    });
    const client = server.dialRaw();
    client.send(begun(1), frame(6, 0, 0, Buffer.alloc(7)));
    expect(await client.goneWith()).toBe(errorCode.FRAME_SIZE_ERROR);
    expect(client.came({ type: 7 })[0]?.payload.subarray(8).toString()).toContain("7 bytes instead of 8");
    expect(events).toEqual(["gone"]);
    await expect.poll(() => server.served[0]?.socket.destroyed, { timeout: 5_000 }).toBe(true);
  });
});

function pings(count: number): Buffer[] {
  return Array.from({ length: count }, () => frame(6, 0, 0, Buffer.alloc(8)));
}

/** Waits until a socket takes more, or never does again. */
function roomIn(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}

function sum(frames: readonly { readonly payload: Buffer }[]): number {
  return frames.reduce((bytes, { payload }) => bytes + payload.length, 0);
}
