import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectionError, errorCode } from "../../src/server/http2/error-code.js";
import type { Frame } from "../../src/server/http2/frame.js";
import { FrameReader } from "../../src/server/http2/frame-reader.js";
import { cut, frame, PREFACE, type RawFrame } from "./raw-frames.js";

/** The frames in pieces, of which none may change one that was delivered. */
function read(pieces: readonly Buffer[]): RawFrame[] {
  const frames: Frame[] = [];
  const reader = new FrameReader((one) => frames.push(one));
  for (const piece of pieces) {
    reader.push(piece);
  }
  return frames.map(({ type, flags, streamId, bytes, start, end }) => ({
    type,
    flags,
    streamId,
    payload: bytes.subarray(start, end),
  }));
}

function codeOf(action: () => unknown): number {
  try {
    action();
  } catch (error) {
    if (error instanceof ConnectionError) {
      return error.code;
    }
    throw error;
  }
  throw new Error("it was taken");
}

const byte = fc.nat(255);
const anyFrame = fc.record({
  type: byte,
  flags: byte,
  streamId: fc.nat(2 ** 31 - 1),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(16_383, 16_384).map((length) => Buffer.alloc(length, "frame")),
  ),
});

describe("FrameReader", () => {
  it("finds the frames, however they are cut", () => {
    const places = fc.array(fc.oneof(fc.nat(200), fc.nat()), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), places, (frames, places) => {
        const bytes = [PREFACE, ...frames.map((one) => frame(one.type, one.flags, one.streamId, one.payload))];
        const found = read(cut(Buffer.concat(bytes), places));
        expect(found.map(({ payload, ...one }) => ({ ...one, payload: payload.toString("latin1") }))).toEqual(
          frames.map(({ payload, ...one }) => ({ ...one, payload: payload.toString("latin1") })),
        );
      }),
    );
  });

  it("finds them in pieces of a byte, and empty ones between", () => {
    const bytes = Buffer.concat([PREFACE, frame(4, 0, 0), frame(0, 1, 3, Buffer.from("abc")), frame(6, 0, 0)]);
    const pieces = [...bytes].flatMap((one) => [Buffer.alloc(0), Buffer.of(one)]);
    expect(read(pieces).map(({ type, payload }) => [type, `${payload}`])).toEqual([
      [4, ""],
      [0, "abc"],
      [6, ""],
    ]);
  });

  it("delivers a frame as soon as its last byte has come", () => {
    let count = 0;
    const reader = new FrameReader(() => count++);
    reader.push(PREFACE);
    const bytes = frame(0, 0, 1, Buffer.from("abc"));
    reader.push(bytes.subarray(0, -1));
    expect(count).toBe(0);
    reader.push(bytes.subarray(-1));
    expect(count).toBe(1);
    reader.push(frame(4, 0, 0));
    expect(count).toBe(2);
  });

  it("does not copy what lies in one piece", () => {
    const parts = [
      frame(0, 0, 1, Buffer.from("one")),
      frame(0, 0, 1, Buffer.from("two")),
      frame(0, 0, 1, Buffer.from("cut")),
    ];
    const whole = Buffer.concat([PREFACE, ...parts]);
    const places: number[] = [];
    const reader = new FrameReader(({ bytes, start }) => places.push(bytes === piece ? start : -1));
    let piece = whole.subarray(0, -1);
    reader.push(piece);
    expect(places).toEqual([24 + 9, 24 + 21]);
    piece = whole.subarray(-1);
    reader.push(piece);
    expect(places[2]).toBe(-1);
  });

  it("passes over the bit that is kept for later", () => {
    expect(read([PREFACE, frame(0, 0, 2 ** 31 + 5)])[0]?.streamId).toBe(5);
  });

  it.each([
    ["what begins otherwise", "GET / HTTP/1.1\r\n\r\n"],
    ["what is otherwise at its end", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r"],
  ])("refuses %s, at the first byte that is wrong", (_what, begin) => {
    expect(codeOf(() => read([Buffer.from(begin)]))).toBe(errorCode.PROTOCOL_ERROR);
    const wrong = [...begin].findIndex((one, index) => one.charCodeAt(0) !== PREFACE[index]);
    const bytes = [...Buffer.from(begin)].map((one) => Buffer.of(one));
    expect(read(bytes.slice(0, wrong))).toEqual([]);
    expect(codeOf(() => read(bytes.slice(0, wrong + 1)))).toBe(errorCode.PROTOCOL_ERROR);
  });

  it("refuses a frame that is too long by its header alone, in one piece or cut", () => {
    const head = frame(0, 0, 1, Buffer.alloc(16_385)).subarray(0, 9);
    expect(codeOf(() => read([PREFACE, head]))).toBe(errorCode.FRAME_SIZE_ERROR);
    expect(codeOf(() => read([PREFACE, head.subarray(0, 5), head.subarray(5)]))).toBe(errorCode.FRAME_SIZE_ERROR);
  });
});
