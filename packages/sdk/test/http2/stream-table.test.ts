import { describe, expect, it } from "vitest";
import { StreamTable } from "../../src/server/http2/stream-table.js";

describe("StreamTable", () => {
  it("keeps in mind the newest of the streams that ended before their requests, and not all of them", () => {
    const table = new StreamTable();
    for (let id = 1; id <= 4_001; id += 2) {
      table.begin(id);
      table.abandon(id);
    }
    expect([1, 2_001, 2_003, 4_001].map((id) => table.isAbandoned(id))).toEqual([false, false, true, true]);
    table.passOver(4_001, false);
    table.passOver(4_001, true);
    expect(() => table.passOver(4_001, false)).toThrow("the stream is closed");
    table.forget(3_999);
    expect(() => table.passOver(3_999, false)).toThrow("the stream is closed");
  });

  it("knows the last stream, and the last one that was taken", () => {
    const table = new StreamTable();
    table.begin(3);
    expect([table.lastId, table.lastTakenId]).toEqual([3, 3]);
    table.takeNoMore();
    table.begin(5);
    table.takeNoMore();
    expect([table.lastId, table.lastTakenId]).toEqual([5, 3]);
    expect(() => table.begin(8)).toThrow("a client's stream has the number 8");
  });
});
