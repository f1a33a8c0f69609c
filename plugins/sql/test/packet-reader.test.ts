import { describe, expect, test } from "vitest";
import { PacketReader } from "../backend/mysql/packet-reader.js";
import { query } from "../backend/mysql/packets.js";

describe("packets of a server", () => {
  const texts = ["", "a", "ä😀", "x".repeat(70_000), "y".repeat(0xff_ffff - 1), "z".repeat(2 * 0xff_ffff + 5), "end"];
  const bytes = Buffer.concat(texts.map(query));

  test.each([1_000, 65_536, 5_000_001, bytes.length])("are found in pieces of %d bytes", (size) => {
    const reader = new PacketReader();
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(Buffer.from(bytes.subarray(at, at + size)));
      while (reader.next()) {
        expect(reader.lead).toBe(3);
        found.push(reader.packet.toString("utf8", reader.start + 1, reader.end));
      }
    }
    // Compared by hand: a difference of megabytes would be printed.
    expect(found.map((text, index) => text === texts[index])).toEqual(texts.map(() => true));
  });
});
