import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { errorCode } from "../../src/server/http2/error-code.js";
import { FrameWriter } from "../../src/server/http2/frame-writer.js";
import { Output } from "../../src/server/http2/output.js";
import { framesIn, type RawFrame } from "./raw-frames.js";
import { SlowSocket } from "./slow-socket.js";

/** The frames that are written. */
async function written(write: (writer: FrameWriter) => void): Promise<RawFrame[]> {
  const socket = new SlowSocket(true);
  write(new FrameWriter(new Output(socket, () => {})));
  await setImmediate();
  return framesIn(Buffer.concat(socket.taken));
}

const HEADERS = 1;
const CONTINUATION = 9;
const END_STREAM = 1;
const END_HEADERS = 4;

describe("FrameWriter", () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [16_383, [16_383]],
    [16_384, [16_384]],
    [16_385, [16_384, 1]],
    [32_768, [16_384, 16_384]],
    [32_769, [16_384, 16_384, 1]],
  ])(
    "sends a block of %i bytes in as many frames as it needs, of which the last one ends it",
    async (bytes, lengths) => {
      const block = Buffer.from(Array.from({ length: bytes }, (_, place) => place % 251));
      for (const isEnd of [false, true]) {
        const frames = await written((writer) => writer.headers(5, block, isEnd));
        expect(frames.map(({ type, flags, streamId, payload }) => [type, flags, streamId, payload.length])).toEqual(
          lengths.map((length, index) => {
            const end = index === lengths.length - 1 ? END_HEADERS : 0;
            return index === 0 ? [HEADERS, end | (isEnd ? END_STREAM : 0), 5, length] : [CONTINUATION, end, 5, length];
          }),
        );
        expect(Buffer.concat(frames.map(({ payload }) => payload)).equals(block)).toBe(true);
      }
    },
  );

  it("sends longer frames where the client takes them", async () => {
    const frames = await written((writer) => {
      writer.maxFrameBytes = 30_000;
      writer.headers(1, Buffer.alloc(60_001), true);
    });
    expect(frames.map(({ payload }) => payload.length)).toEqual([30_000, 30_000, 1]);
  });

  it("writes what else there is", async () => {
    const frames = await written((writer) => {
      writer.settingsTaken();
      writer.pong(Buffer.from("12345678"));
      writer.windowUpdate(3, 70_000);
      writer.reset(5, errorCode.CANCEL);
      writer.goAway(7, errorCode.ENHANCE_YOUR_CALM, "why");
    });
    expect(frames.map(({ payload, ...head }) => [Object.values(head), payload.toString("hex")])).toEqual([
      [[4, 1, 0], ""],
      [[6, 1, 0], Buffer.from("12345678").toString("hex")],
      [[8, 0, 3], "00011170"],
      [[3, 0, 5], "00000008"],
      [[7, 0, 0], `000000070000000b${Buffer.from("why").toString("hex")}`],
    ]);
  });
});
