import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framesIn } from "./raw-frames.js";
import { SendingSide, TRAILERS } from "./sending-side.js";
import { SlowSocket } from "./slow-socket.js";

const MIB = 1024 * 1024;
const STREAMS = [1, 3, 5];

const place = fc.nat(STREAMS.length - 1);
const size = fc.oneof(fc.nat(50), fc.integer({ min: 16_350, max: 16_420 }), fc.nat(120_000));
const sizes: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(size, { maxLength: 3 }),
  fc.constantFrom<number[]>([], [0], [1]),
);
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

describe("DataSender, in any order of events", () => {
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
            socket.takeOne();
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
});
