import { describe, expect, it } from "vitest";
import { readHuffman } from "../../src/server/http2/hpack/huffman.js";

function read(bytes: Uint8Array): string | undefined {
  return readHuffman(bytes, 0, bytes.length);
}

/** Codes one behind the other, the last byte filled up with ones or with `padding`. */
function coded(codes: readonly (readonly [code: number, bits: number])[], padding = "1111111"): Buffer {
  const bits = codes.map(([code, length]) => code.toString(2).padStart(length, "0")).join("");
  const whole = bits + padding.slice(0, (8 - (bits.length % 8)) % 8);
  return Buffer.from((whole.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

const A = [0x3, 5] as const;
const END = [0x3fffffff, 30] as const;

describe("readHuffman", () => {
  // Source: https://www.rfc-editor.org/rfc/rfc7541#appendix-C
  it.each([
    ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
    ["no-cache", "a8eb10649cbf"],
    ["custom-key", "25a849e95ba97d7f"],
    ["custom-value", "25a849e95bb8e8b4bf"],
    ["302", "6402"],
    ["307", "640eff"],
    ["private", "aec3771a4b"],
    ["Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff"],
    ["https://www.example.com", "9d29ad171863c78f0b97c8e9ae82ae43d3"],
    ["gzip", "9bd9ab"],
    ["", ""],
  ])("reads %j", (text, hex) => {
    expect(read(Buffer.from(hex, "hex"))).toBe(text);
  });

  // Source: https://www.rfc-editor.org/rfc/rfc7541#appendix-B
  it.each([
    [0, 0x1ff8, 13],
    [1, 0x7fffd8, 23],
    [2, 0xfffffe2, 28],
    [10, 0x3ffffffc, 30],
    [13, 0x3ffffffd, 30],
    [22, 0x3ffffffe, 30],
    [92, 0x7fff0, 19],
    [126, 0x1ffd, 13],
    [195, 0x7fff1, 19],
    [249, 0xffffffe, 28],
    [255, 0x3ffffee, 26],
  ])("reads the byte %i among others", (byte, code, bits) => {
    const text = `a${String.fromCharCode(byte)}a`;
    expect(read(coded([A, [code, bits], A]))).toBe(text);
  });

  it("reads from its start to its end alone", () => {
    expect(readHuffman(Buffer.from("ff640effff", "hex"), 1, 4)).toBe("307");
  });

  it("takes up to 7 ones behind the last code, and none", () => {
    for (let count = 1; count <= 8; count++) {
      expect(read(coded(Array.from({ length: count }, () => A)))).toBe("a".repeat(count));
    }
  });

  it.each([
    ["zeros behind the last code", coded([A], "000")],
    ["a zero among the ones behind the last code", coded([A], "110")],
    ["a zero before the ones behind the last code", coded([A], "011")],
    ["8 ones behind the last code", Buffer.concat([coded(Array.from({ length: 8 }, () => A)), Buffer.of(0xff)])],
    ["more than 8 ones behind the last code", Buffer.concat([coded([A]), Buffer.of(0xff)])],
    ["nothing but ones", Buffer.of(0xff)],
    ["the end's code", coded([A, END])],
    ["the end's code before others", coded([END, A])],
    ["ones without end", Buffer.alloc(40, 0xff)],
  ])("refuses %s", (_what, bytes) => {
    expect(read(bytes)).toBeUndefined();
  });
});
