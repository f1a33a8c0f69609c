import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress } from "../../src/server/grpc/decompress.js";

const text = "text ".repeat(1_000);

describe("decompress", () => {
  it.each([
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
  ])("reads %s, of any size, and up to the size it may have", async (encoding, bytes) => {
    for (const maxBytes of [-1, text.length, Number.MAX_SAFE_INTEGER]) {
      expect((await decompress(bytes, encoding, maxBytes)).toString()).toBe(text);
    }
    await expect(decompress(bytes, encoding, text.length - 1)).rejects.toMatchObject({
      status: { code: 8, details: "Received message that decompresses to a size larger than 4999" },
    });
  });

  it("reads what is empty", async () => {
    expect(await decompress(gzipSync(""), "gzip", 1)).toHaveLength(0);
  });

  it.each([
    ["gzip", Buffer.from("no gzip"), 13],
    ["gzip", Buffer.alloc(0), 13],
    ["gzip", gzipSync(text).subarray(0, 20), 13],
    ["deflate", gzipSync(text), 13],
    ["identity", gzipSync(text), 13],
    [undefined, gzipSync(text), 13],
    ["snappy", gzipSync(text), 12],
    ["GZIP", gzipSync(text), 12],
  ])("refuses as %s what is none", async (encoding, bytes, code) => {
    await expect(decompress(bytes, encoding, -1)).rejects.toMatchObject({ status: { code } });
  });
});
