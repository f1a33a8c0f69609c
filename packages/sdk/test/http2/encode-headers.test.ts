import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeHeaders } from "../../src/server/http2/hpack/encode-headers.js";
import { HeaderDecoder } from "../../src/server/http2/hpack/header-decoder.js";

function readBack(headers: readonly (readonly [string, string])[]): unknown {
  const block = encodeHeaders(headers);
  return new HeaderDecoder(10_000_000).decode(block, 0, block.length)?.map(({ name, value }) => [name, value]);
}

describe("encodeHeaders", () => {
  it.each([
    0, 1, 125, 126, 127, 128, 129, 253, 254, 255, 256, 257, 383, 16_383, 16_384, 16_510, 16_511, 16_512, 60_000,
  ])("writes texts of %i characters", (length) => {
    const headers = [
      ["x", "v".repeat(length)],
      ["n".repeat(length), "y"],
    ] as const;
    expect(readBack(headers)).toEqual(headers);
  });

  it("writes any headers in their order", () => {
    const text = fc.string({ unit: "binary-ascii", maxLength: 300 });
    const header = fc.oneof(
      fc.tuple(text, text),
      fc.constantFrom([":status", "200"] as const, [":status", "404"] as const),
    );
    fc.assert(
      fc.property(fc.array(header, { maxLength: 10 }), (headers) => {
        expect(readBack(headers)).toEqual(headers);
      }),
    );
  });

  it("gives no header a number, so that a block means the same again and again", () => {
    const block = encodeHeaders([
      [":status", "200"],
      ["grpc-status", "0"],
    ]);
    const decoder = new HeaderDecoder(1_000);
    const fields = decoder.decode(block, 0, block.length);
    expect(decoder.decode(block, 0, block.length)).toEqual(fields);
    expect(() => decoder.decode(Buffer.of(0xbe), 0, 1)).toThrow("nothing has the number 62");
  });

  it("writes a status of 200 in a byte", () => {
    expect([...encodeHeaders([[":status", "200"]])]).toEqual([0x88]);
  });
});
