import { describe, expect, it } from "vitest";
import type { DescribedColumn } from "../backend/postgres/column-types.js";
import { isSameResult, KnownStatements, resultFormats } from "../backend/postgres/known-statements.js";

const INT4 = 23;
const TEXT = 25;
const UNKNOWN = 999_999;

const column = (name: string, oid = INT4, modifier = -1): DescribedColumn => ({ name, oid, modifier });

/** A message's length, from its header. */
const messageAt = (bytes: Buffer, at: number): Buffer => bytes.subarray(at, at + 1 + bytes.readInt32BE(at + 1));

describe("KnownStatements", () => {
  it("knows what it was told, until it is told otherwise", () => {
    const known = new KnownStatements(true);
    expect(known.get("a")).toBeUndefined();
    known.set("a", [column("x")]);
    known.set("b", []);
    expect(known.get("a")?.columns).toEqual([column("x")]);
    known.set("a", [column("y", TEXT)]);
    expect(known.get("a")?.columns).toEqual([column("y", TEXT)]);
    known.delete("a");
    expect(known.get("a")).toBeUndefined();
    expect(known.get("b")?.columns).toEqual([]);
  });

  it("asks for each column in the format in which it is read", () => {
    for (const [isBinary, formats] of [
      [true, [1, 0, 0]],
      [false, [0, 0, 0]],
    ] as const) {
      const known = new KnownStatements(isBinary);
      known.set("a", [column("x"), column("y", TEXT), column("z", UNKNOWN)]);
      const run = known.get("a")?.run ?? Buffer.alloc(0);
      const bind = messageAt(run, 0);
      const describe = messageAt(run, bind.length);
      const execute = messageAt(run, bind.length + describe.length);
      expect([bind, describe, execute].map(([letter = 0]) => String.fromCharCode(letter))).toEqual(["B", "D", "E"]);
      expect(bind.length + describe.length + execute.length).toBe(run.length);
      // Unnamed portal and statement, no formats of values, no values, then those of the result.
      expect([...bind.subarray(5)]).toEqual([0, 0, 0, 0, 0, 0, 0, 3, ...formats.flatMap((format) => [0, format])]);
    }
  });
});

describe("resultFormats", () => {
  it("is empty where there are no columns", () => {
    expect(resultFormats([], true)).toEqual([]);
  });
});

describe("isSameResult", () => {
  it.each([
    ["nothing", [], [], true],
    ["the same", [column("x"), column("y")], [column("x"), column("y")], true],
    ["fewer", [column("x"), column("y")], [column("x")], false],
    ["more", [], [column("x")], false],
    ["another order", [column("x"), column("y")], [column("y"), column("x")], false],
    ["another name", [column("x")], [column("X")], false],
    ["another type", [column("x")], [column("x", TEXT)], false],
    ["another precision", [column("x", INT4, 4)], [column("x", INT4, 5)], false],
  ])("%s", (_, a, b, isSame) => {
    expect([isSameResult(a, b), isSameResult(b, a)]).toEqual([isSame, isSame]);
  });
});
