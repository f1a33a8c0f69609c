import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framesIn } from "./raw-frames.js";
import { SendingSide, TRAILERS } from "./sending-side.js";
import { SlowSocket } from "./slow-socket.js";

const MIB = 1024 * 1024;
const WINDOW = 2 ** 31 - 1;
const STREAMS = [1, 3, 5];

const place = fc.nat(STREAMS.length - 1);
const size = fc.oneof(fc.nat(50), fc.integer({ min: 16_350, max: 16_420 }), fc.nat(120_000));
const sizes = fc.oneof(fc.array(size, { maxLength: 3 }), fc.constantFrom([], [0], [1]));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("write"), place, sizes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("widen"), bytes: fc.integer({ min: 1, max: 200_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("widenStream"), place, bytes: fc.integer({ min: 1, max: 100_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("settings"), bytes: fc.oneof(fc.nat(10), fc.nat(100_000)) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("frameSize"),
      bytes: fc.constantFrom(16_384, 16_385, 40_000, 65_536, MIB),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("take") }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("turn") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("end"), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close"), place }) },
);

describe("DataSender", () => {
  it("sends all of every stream in its order, and never more than the windows allow", async () => {
    const window = fc.oneof(fc.nat(10), fc.nat(100_000));
    await fc.assert(
      fc.asyncProperty(window, fc.array(step, { maxLength: 60 }), async (firstWindow, steps) => {
        const socket = new SlowSocket();
        let connectionWindow = 65_535;
        let maxFrameBytes = 16_384;
        let initialWindow = firstWindow;
        const side = new SendingSide(socket, ({ streamId, length }) => {
          const from = streams[(streamId - 1) / 2];
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(Math.min(maxFrameBytes, 65_536));
          expect(length).toBeLessThanOrEqual(connectionWindow);
          expect(length).toBeLessThanOrEqual(from?.window ?? 0);
          expect(from?.stream.isClosed).toBe(false);
          connectionWindow -= length;
          if (from !== undefined) {
            from.window -= length;
          }
        });
        const streams = STREAMS.map((id) => ({
          stream: side.begin(id, firstWindow),
          window: firstWindow,
          hasEnded: false,
          written: [] as Buffer[],
          events: [] as number[],
        }));
        let byte = 0;
        let writes = 0;
        const expected = streams.map((): number[] => []);

        function widen(bytes: number): void {
          connectionWindow += bytes;
          expect(side.sender.widen(bytes)).toBe(true);
        }
        function widenStream(one: (typeof streams)[number] | undefined, bytes: number): void {
          if (one !== undefined && !one.stream.isClosed) {
            one.window += bytes;
            expect(side.sender.widenStream(one.stream, bytes)).toBe(true);
          }
        }

        for (const step of steps) {
          const at = "place" in step ? step.place : 0;
          const one = streams[at];
          if ("sizes" in step) {
            if (one === undefined || one.hasEnded || one.stream.isClosed) {
              continue;
            }
            const parts = step.sizes.map((bytes) => Buffer.alloc(bytes, ++byte));
            one.written.push(...parts);
            const end = one.written.reduce((sum, { length }) => sum + length, 0);
            const write = writes++;
            expected[at]?.push(write);
            one.stream.write(parts, () => {
              one.events.push(write);
              expect(one.stream.isClosed || side.begunBytes(one.stream.id) >= end).toBe(true);
            });
          } else if (step.kind === "widen" && "bytes" in step) {
            widen(step.bytes);
          } else if (step.kind === "widenStream" && "bytes" in step) {
            widenStream(one, step.bytes);
          } else if (step.kind === "settings" && "bytes" in step) {
            const more = step.bytes - initialWindow;
            initialWindow = step.bytes;
            for (const each of streams) {
              widenStream(each, more);
            }
          } else if (step.kind === "frameSize" && "bytes" in step) {
            maxFrameBytes = step.bytes;
            side.sender.maxFrameBytes = step.bytes;
          } else if (step.kind === "take") {
            socket.take();
          } else if (step.kind === "turn") {
            await setImmediate();
          } else if (step.kind === "end" && one !== undefined && !one.hasEnded) {
            one.hasEnded = true;
            one.stream.end(TRAILERS);
          } else if (step.kind === "close") {
            one?.stream.close();
          }
          expect(streams.every(({ stream, window }) => stream.isClosed || stream.window === window)).toBe(true);
        }

        const closed = streams.filter(({ stream }) => stream.isClosed && !side.ended.includes(stream.id));
        for (const one of streams) {
          if (!one.hasEnded) {
            one.stream.end(TRAILERS);
          }
        }
        widen(50_000_000);
        for (const one of streams) {
          widenStream(one, 50_000_000);
        }
        await socket.takeAll();

        const frames = framesIn(Buffer.concat(socket.taken));
        for (const [index, one] of streams.entries()) {
          const its = frames.filter(({ streamId }) => streamId === one.stream.id);
          const data = Buffer.concat(its.filter(({ type }) => type === 0).map(({ payload }) => payload));
          const all = Buffer.concat(one.written);
          expect(data.equals(closed.includes(one) ? all.subarray(0, data.length) : all)).toBe(true);
          expect(its.filter(({ type }) => type === 1)).toHaveLength(closed.includes(one) ? 0 : 1);
          expect(closed.includes(one) || its.at(-1)?.type === 1).toBe(true);
          expect(one.events).toEqual(expected[index]);
          expect([one.stream.isSending, one.stream.canSend, one.stream.isClosed]).toEqual([false, false, true]);
        }
        expect(side.output.waitingBytes).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

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
      socket.take();
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
      socket.take();
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
