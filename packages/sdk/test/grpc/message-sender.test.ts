import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessageReader } from "../../src/server/grpc/message-reader.js";
import { lengthOf, MessageSender } from "../../src/server/grpc/message-sender.js";

/** A stream whose other end takes bytes when it is told to, one write at a time. */
class SlowStream extends Writable {
  readonly taken: Buffer[] = [];
  #next: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.taken.push(chunk);
    this.#next = done;
  }

  /** Takes one write. Whether there was one. */
  take(): boolean {
    const next = this.#next;
    this.#next = undefined;
    next?.();
    return next !== undefined;
  }

  async takeAll(): Promise<void> {
    for (let idle = 0; idle < 5; idle = this.take() ? 0 : idle + 1) {
      await setImmediate();
    }
  }
}

describe("MessageSender", () => {
  it("sends messages of any sizes and parts in their order, and tells of each when it is taken", async () => {
    const size = fc.oneof(fc.nat(100), fc.integer({ min: 16_300, max: 16_500 }), fc.nat(400_000));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(size, { maxLength: 3 }), { maxLength: 6 }), async (messages) => {
        const stream = new SlowStream();
        const sender = new MessageSender(stream);
        const events: string[] = [];
        for (const [index, sizes] of messages.entries()) {
          sender.send(
            sizes.map((bytes) => Buffer.alloc(bytes, index + 1)),
            () => events.push(`${index}`),
          );
        }
        sender.whenSent(() => events.push("sent"));
        await stream.takeAll();
        const found = new MessageReader(-1).push(Buffer.concat(stream.taken));
        const expected = messages.map((sizes) => sizes.reduce((sum, bytes) => sum + bytes, 0));
        expect(found.map(({ bytes }) => bytes.length)).toEqual(expected);
        expect(found.every(({ bytes }, index) => bytes.every((byte) => byte === index + 1))).toBe(true);
        expect(events.sort()).toEqual([...messages.map((_, index) => `${index}`), "sent"]);
      }),
      { numRuns: 30 },
    );
  });

  it("gives a stream no more than it has room for, and a slice", async () => {
    const stream = new SlowStream();
    const sender = new MessageSender(stream);
    let isTaken = false;
    sender.send([Buffer.alloc(10_000_000)], () => {
      isTaken = true;
    });
    for (let takes = 0; takes < 20; takes++) {
      expect(stream.writableLength).toBeLessThanOrEqual(stream.writableHighWaterMark + 128 * 1024);
      expect([sender.isSending, isTaken]).toEqual([true, false]);
      stream.take();
      await setImmediate();
    }
    await stream.takeAll();
    expect([sender.isSending, isTaken]).toEqual([false, true]);
  });

  it("lets go of all that waits when the stream is gone", async () => {
    const stream = new SlowStream();
    const sender = new MessageSender(stream);
    const events: string[] = [];
    sender.send([Buffer.alloc(10_000_000)], () => events.push("large"));
    sender.send([Buffer.alloc(1)], () => events.push("small"));
    sender.whenSent(() => events.push("sent"));
    await setImmediate();
    expect(events).toEqual([]);
    stream.destroy();
    await setImmediate();
    await setImmediate();
    expect(events).toEqual(["large", "small", "sent"]);
    expect(sender.isSending).toBe(false);
    expect(lengthOf(stream.taken)).toBeLessThan(500_000);
  });

  it("takes what is sent and asked for while it sends", async () => {
    const stream = new SlowStream();
    const sender = new MessageSender(stream);
    sender.send([Buffer.alloc(300_000)], () => {
      sender.send([Buffer.alloc(200_000)]);
      sender.send([Buffer.alloc(1)]);
      sender.whenSent(() => stream.end());
    });
    await stream.takeAll();
    const found = new MessageReader(-1).push(Buffer.concat(stream.taken));
    expect(found.map(({ bytes }) => bytes.length)).toEqual([300_000, 200_000, 1]);
    expect(stream.writableFinished).toBe(true);
  });
});
