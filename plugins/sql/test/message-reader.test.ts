import { describe, expect, test } from "vitest";
import { MessageReader } from "../backend/postgres/message-reader.js";
import { query } from "../backend/postgres/messages.js";

describe("messages of a server", () => {
  const texts = ["", "a", "x".repeat(300), "ä😀", "y".repeat(70_000), "z"];
  const bytes = Buffer.concat(texts.map(query));

  test.each([1, 2, 3, 7, 64, 1_000, 65_536, bytes.length])("are found in pieces of %d bytes", (size) => {
    const reader = new MessageReader();
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(Buffer.from(bytes.subarray(at, at + size)));
      while (reader.next()) {
        expect(reader.letter).toBe(0x51);
        found.push(reader.bytes.toString("utf8", reader.start, reader.end - 1));
      }
    }
    expect(found).toEqual(texts);
  });

  test.each([0, 3, 2 ** 30, 0xffff_ffff])("are none with a length of %d", (length) => {
    const reader = new MessageReader();
    const bytes = Buffer.from("D\0\0\0\0rest");
    bytes.writeUInt32BE(length, 1);
    reader.push(bytes);
    expect(() => reader.next()).toThrow(/^the server sent what cannot be read/);
  });
});
