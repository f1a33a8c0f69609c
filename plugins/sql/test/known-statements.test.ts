import { describe, expect, it } from "vitest";
import type { DescribedColumn } from "../backend/postgres/column-types.js";
import { KnownStatement, KnownStatements, resultFormats } from "../backend/postgres/known-statements.js";

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

/** The content of a RowDescription. @param table the column's table, which says nothing of its values */
function description(columns: readonly DescribedColumn[], table = 7): Buffer {
  const bytes = columns.map(({ name, oid, modifier }) => {
    const rest = Buffer.alloc(18);
    rest.writeInt32BE(table, 0);
    rest.writeInt32BE(oid, 6);
    rest.writeInt32BE(modifier, 12);
    return Buffer.concat([Buffer.from(`${name}\0`), rest]);
  });
  return Buffer.concat([Buffer.from([0, columns.length]), ...bytes]);
}

describe("a known statement is described by", () => {
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
    for (const [columns, others] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = new KnownStatement(columns, []);
      // Within other bytes, and more than once: what was right before is looked at less closely.
      for (const [described, expected] of [
        [description(others), isSame],
        [description(columns), true],
        [description(others), isSame],
        [description(columns, 8), true],
        [description(others, 8), isSame],
      ] as const) {
        const bytes = Buffer.concat([Buffer.from("before"), described, Buffer.from("behind")]);
        expect(known.isDescribedBy(bytes, 6, 6 + described.length)).toBe(expected);
      }
    }
  });
});
