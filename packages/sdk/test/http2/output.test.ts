import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Output } from "../../src/server/http2/output.js";
import { framesIn } from "./raw-frames.js";
import { SlowSocket } from "./slow-socket.js";

function send(output: Output, streamId: number, ...parts: Buffer[]): void {
  output.begin(
    parts.reduce((sum, { length }) => sum + length, 0),
    0,
    0,
    streamId,
  );
  for (const part of parts) {
    output.add(part);
  }
  output.sendSoon();
}

describe("Output", () => {
  it("sends frames of any sizes whole and in their order, and changes none that the socket still has", async () => {
    const size = fc.oneof(
      fc.nat(50),
      fc.nat(10_000),
      fc.nat(70_000),
      fc.integer({ min: 131_000, max: 131_200 }),
      fc.constant(300_000),
    );
    const step = fc.oneof(fc.array(size, { maxLength: 3 }), fc.constantFrom("take", "turn"));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const socket = new SlowSocket();
        const output = new Output(socket, () => {});
        const expected: string[] = [];
        for (const [index, step] of steps.entries()) {
          if (step === "take") {
            socket.takeWritten();
          } else if (step === "turn") {
            await setImmediate();
          } else if (typeof step !== "string") {
            const parts = step.map((bytes, part) => Buffer.alloc(bytes, index * 3 + part));
            expected.push(Buffer.concat(parts).toString("latin1"));
            send(output, index + 1, ...parts);
          }
        }
        await socket.takeAll();
        const found = framesIn(Buffer.concat(socket.taken)).map(({ payload }) => payload.toString("latin1"));
        expect(found.length === expected.length && found.every((one, index) => one === expected[index])).toBe(true);
        expect(output.waitingBytes).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it("writes what is small to the socket in one go, at the end of the turn", async () => {
    const socket = new SlowSocket(true);
    const output = new Output(socket, () => {});
    for (let index = 1; index <= 10; index++) {
      send(output, index, Buffer.alloc(100));
    }
    expect([socket.taken.length, output.waitingBytes]).toEqual([0, 10 * 109]);
    await setImmediate();
    expect(socket.taken.map(({ length }) => length)).toEqual([10 * 109]);
  });

  it("says when the socket is full, and when it has room again", async () => {
    const socket = new SlowSocket();
    let rooms = 0;
    const output = new Output(socket, () => {
      rooms++;
      expect(output.isFull).toBe(false);
    });
    expect(output.isFull).toBe(false);
    send(output, 1, Buffer.alloc(100_000));
    expect([output.isFull, rooms]).toEqual([true, 0]);
    send(output, 3, Buffer.alloc(100_000));
    expect(output.waitingBytes).toBe(200_018);
    await socket.takeAll();
    expect([output.isFull, rooms]).toEqual([false, 1]);
  });

  it.each(["end", "destroy"] as const)("keeps nothing for a socket after its %s", async (how) => {
    const socket = new SlowSocket(true);
    const output = new Output(socket, () => {});
    send(output, 1, Buffer.alloc(10));
    output.send();
    socket[how]();
    for (let index = 0; index < 100; index++) {
      send(output, 3, Buffer.alloc(10_000));
      send(output, 3, Buffer.alloc(10));
    }
    await setImmediate();
    expect([output.waitingBytes, Buffer.concat(socket.taken).length]).toEqual([0, 19]);
  });
});
