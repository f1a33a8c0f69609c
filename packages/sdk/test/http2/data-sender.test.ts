import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { framesIn } from "./raw-frames.js";
import { SendingSide, TRAILERS } from "./sending-side.js";
import { SlowSocket } from "./slow-socket.js";

const MIB = 1024 * 1024;
const WINDOW = 2 ** 31 - 1;

describe("DataSender", () => {
  it("ends a stream whose window is below nothing, and sends others no more for it", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    const stream = side.begin(1, 10);
    stream.write([Buffer.alloc(10)]);
    side.sender.widenStream(stream, -10_000);
    const events: string[] = [];
    stream.write([], () => events.push("taken"));
    stream.end(TRAILERS);
    expect([events, side.ended, stream.window, stream.isSending]).toEqual([["taken"], [1], -10_000, false]);
    side.begin(3, WINDOW).write([Buffer.alloc(100_000)]);
    await socket.takeAll();
    expect(side.begunBytes(3)).toBe(65_535 - 10);
    framesIn(Buffer.concat(socket.taken));
  });

  it("says when a window is larger than there may be", () => {
    const side = new SendingSide(new SlowSocket());
    expect(side.sender.widen(WINDOW - 65_535)).toBe(true);
    expect(side.sender.widen(1)).toBe(false);
    const stream = side.begin(1, WINDOW);
    expect(side.sender.widenStream(stream, 1)).toBe(false);
  });

  it("has a small answer overtake a large one within a few frames", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    side.sender.widen(WINDOW - 65_535);
    side.begin(1, WINDOW).write([Buffer.alloc(40 * MIB)]);
    for (let turn = 0; turn < 5; turn++) {
      socket.takeOne();
      await setImmediate();
    }
    const before = side.begun.length;
    expect(side.begunBytes(1)).toBeLessThan(4 * MIB);
    const small = side.begin(3, WINDOW);
    small.write([Buffer.alloc(1_000)]);
    small.end(TRAILERS);
    await socket.takeAll();
    const place = side.begun.slice(before).findIndex(({ streamId }) => streamId === 3);
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThanOrEqual(2);
    expect(side.ended).toEqual([3]);
    expect(side.begunBytes(1)).toBe(40 * MIB);
  });

  it("has large answers take turns", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    side.sender.widen(WINDOW - 65_535);
    const streams = [1, 3, 5].map((id) => side.begin(id, WINDOW));
    for (const stream of streams) {
      stream.write([Buffer.alloc(5_000_000)]);
    }
    await socket.takeAll();
    // The first ones are sent while the others are not there yet.
    const middle = side.begun.slice(100, 400).map(({ streamId }) => streamId);
    expect(middle.slice(0, 3).sort()).toEqual([1, 3, 5]);
    expect(middle.slice(3).every((id, index) => id === middle[index])).toBe(true);
    expect(streams.every(({ isSending }) => !isSending)).toBe(true);
  });

  it("has a stream without a window hold no other up", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    const held = side.begin(1, 5);
    held.write([Buffer.alloc(100)]);
    const other = side.begin(3, WINDOW);
    other.write([Buffer.alloc(100)]);
    expect([side.begunBytes(1), side.begunBytes(3)]).toEqual([5, 100]);
    side.sender.widenStream(held, 1_000);
    expect(side.begunBytes(1)).toBe(100);
  });

  it("ends a stream that has nothing to send though the connection has no window", () => {
    const side = new SendingSide(new SlowSocket(true));
    const large = side.begin(1, WINDOW);
    large.write([Buffer.alloc(100_000)]);
    const empty = side.begin(3, WINDOW);
    empty.end(TRAILERS);
    expect(side.begunBytes(1)).toBeLessThanOrEqual(65_535);
    return expect.poll(() => side.ended).toEqual([3]);
  });

  it("gives the socket no more than it has room for", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    side.sender.widen(WINDOW - 65_535);
    const stream = side.begin(1, WINDOW);
    let isTaken = false;
    stream.write([Buffer.alloc(10_000_000)], () => {
      isTaken = true;
    });
    for (let takes = 0; takes < 30; takes++) {
      expect(side.output.waitingBytes).toBeLessThanOrEqual(socket.writableHighWaterMark + 256 * 1024);
      expect([stream.isSending, isTaken]).toEqual([true, false]);
      socket.takeOne();
      await setImmediate();
    }
    await socket.takeAll();
    expect([stream.isSending, isTaken]).toEqual([false, true]);
  });

  it("lets other work in after each MiB, also where the client takes all at once", async () => {
    const socket = new SlowSocket(true);
    const side = new SendingSide(socket);
    side.sender.widen(WINDOW - 65_535);
    side.sender.maxFrameBytes = MIB;
    let isTaken = false;
    side.begin(1, WINDOW).write([Buffer.alloc(20 * MIB)], () => {
      isTaken = true;
    });
    let sent = 0;
    let turns = 0;
    while (!isTaken) {
      const now = side.begunBytes(1);
      expect(now - sent).toBeLessThanOrEqual(MIB + 64 * 1024);
      sent = now;
      turns++;
      await setImmediate();
    }
    expect(turns).toBeGreaterThanOrEqual(19);
    // Others would wait long for their turn.
    expect(Math.max(...side.begun.map(({ length }) => length))).toBe(64 * 1024);
  });

  it("takes what is written while it tells of what was taken", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    side.sender.widen(1_000_000);
    const stream = side.begin(1, WINDOW);
    const events: string[] = [];
    stream.write([Buffer.alloc(300_000, 1)], () => {
      events.push("first");
      stream.write([Buffer.alloc(0)], () => events.push("empty"));
      stream.write([Buffer.alloc(200_000, 2), Buffer.alloc(1, 3)], () => events.push("second"));
      stream.end(TRAILERS);
    });
    await socket.takeAll();
    const frames = framesIn(Buffer.concat(socket.taken));
    const data = Buffer.concat(frames.slice(0, -1).map(({ payload }) => payload));
    expect(data.equals(Buffer.concat([Buffer.alloc(300_000, 1), Buffer.alloc(200_000, 2), Buffer.alloc(1, 3)]))).toBe(
      true,
    );
    expect(events).toEqual(["first", "empty", "second"]);
    expect([frames.at(-1)?.type, side.ended]).toEqual([1, [1]]);
  });

  it("lets go of all that waits on a stream that is closed, also while it tells of what was taken", async () => {
    const socket = new SlowSocket();
    const side = new SendingSide(socket);
    const events: string[] = [];
    const [large, other] = [side.begin(1, WINDOW), side.begin(3, WINDOW)];
    large.write([Buffer.alloc(70_000)], () => {
      events.push("first");
      large.reset();
    });
    large.write([Buffer.alloc(10 * MIB)], () => events.push("large"));
    large.write([], () => events.push("empty"));
    large.end(TRAILERS);
    other.write([Buffer.alloc(10 * MIB)], () => events.push("other"));
    other.end(TRAILERS);
    expect(events).toEqual([]);
    side.sender.widen(WINDOW - 65_535);
    await socket.takeAll();
    large.close();
    large.write([Buffer.alloc(10)]);
    large.end(TRAILERS);
    await socket.takeAll();
    expect(events).toEqual(["first", "large", "empty", "other"]);
    expect(side.begunBytes(1)).toBeLessThan(70_000 + 16_384);
    expect([side.begunBytes(3), side.ended]).toEqual([10 * MIB, [3]]);
  });
});
