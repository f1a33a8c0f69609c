import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MessageReader, type ReceivedMessage } from "../../src/server/grpc/message-reader.js";
import { framed } from "./serve-grpc.js";

/** Cuts bytes behind each of these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function readAll(pieces: readonly Buffer[], maxBytes = -1): ReceivedMessage[] {
  const reader = new MessageReader(maxBytes);
  return pieces.flatMap((piece) => reader.push(piece));
}

describe("MessageReader", () => {
  it("finds the messages, however they are cut", () => {
    const message = fc.record({ bytes: fc.uint8Array({ maxLength: 40 }), isCompressed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 40 }), (messages, places) => {
        const bytes = Buffer.concat(messages.map((one) => framed(one.bytes, Number(one.isCompressed))));
        const found = readAll(cut(bytes, places));
        expect(found.map((one) => ({ ...one, bytes: new Uint8Array(one.bytes) }))).toEqual(messages);
      }),
    );
  });

  it("finds them in pieces of a byte, and empty ones between", () => {
    const bytes = Buffer.concat([framed(""), framed("ab"), framed("")]);
    const pieces = [...bytes].flatMap((byte) => [Buffer.alloc(0), Buffer.of(byte)]);
    expect(readAll(pieces).map((one) => one.bytes.toString())).toEqual(["", "ab", ""]);
  });

  it("does not copy what lies in one piece", () => {
    const piece = Buffer.concat([framed("one"), framed("two")]);
    for (const { bytes } of readAll([piece])) {
      expect(bytes.buffer).toBe(piece.buffer);
    }
  });

  it("says whether a message has begun", () => {
    const reader = new MessageReader(-1);
    expect(reader.isWithinMessage).toBe(false);
    reader.push(Buffer.of(0));
    expect(reader.isWithinMessage).toBe(true);
    reader.push(framed("x").subarray(1));
    expect(reader.isWithinMessage).toBe(false);
  });

  it("refuses what is too large by its prefix alone, and nothing below", () => {
    expect(readAll([framed("1234")], 4)).toHaveLength(1);
    expect(() => readAll([framed("12345").subarray(0, 5)], 4)).toThrow("Received message larger than max (5 vs 4)");
    expect(() => readAll([framed(""), Buffer.of(0, 255, 255, 255, 255)], 4)).toThrow(/\(4294967295 vs 4\)/);
  });

  it.each([2, 128, 255])("refuses the flag %i", (flag) => {
    expect(() => readAll([framed("x", flag)])).toThrow(`compressed flag is ${flag}`);
  });
});
