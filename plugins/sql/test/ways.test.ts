import { describe, expect, it, test } from "vitest";
import type { ColumnDefinition } from "../backend/mysql/column-definition.js";
import { traitsOf } from "../backend/mysql/connect.js";
import { Ways } from "../backend/mysql/ways.js";

const definition = (type: number): ColumnDefinition => {
  return { name: "c", type, length: 0, isUnsigned: false, isBinary: false, decimals: 0, extended: "" };
};
const [suited, unsuited] = [[definition(3)], [definition(4)]];
const mariadb = { isMariadb: true, runsLast: true, hasExtendedMetadata: true };
const other = { isMariadb: false, runsLast: false, hasExtendedMetadata: false };
const sql = "SELECT a FROM b";

/** Of a server that has run what it had prepared. */
function provenWays(): Ways {
  const ways = new Ways(true);
  ways.readBinary();
  return ways;
}

const error = (code: number) => ({ code, state: "HY000", message: "" });

describe("the way of a statement", () => {
  it("is by steps at first, then what its last result was best for", () => {
    const ways = provenWays();
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("steps");
    for (const [columns, rows, way] of [
      [suited, 1, "text"],
      [suited, 199, "text"],
      [suited, 200, "batch"],
      [unsuited, 200, "text"],
      [suited, 1e6, "batch"],
      [[], 0, "text"],
    ] as const) {
      ways.learn("t", columns, rows);
      expect([columns, rows, ways.of({ sql, template: "t" }, mariadb)]).toEqual([columns, rows, way]);
    }
    expect(ways.of({ sql, template: "another" }, mariadb)).toBe("steps");
  });

  it("stays binary until eight small results came in a row", () => {
    const ways = provenWays();
    for (const large of [0, 1]) {
      ways.learn("t", suited, 200);
      for (let small = 1; small <= 7 + large; small++) {
        expect([large, small, ways.of({ sql, template: "t" }, mariadb)]).toEqual([large, small, "batch"]);
        ways.learn("t", suited, small);
      }
    }
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("text");
    ways.learn("t", suited, 3);
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("text");
  });

  it("is by steps where the server has no other way to prepare", () => {
    const ways = provenWays();
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql, template: "t" }, other)).toBe("steps");
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("batch");
    ways.cannotBatch();
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("steps");
  });

  it("is by steps until the server has run what it had prepared", () => {
    const ways = new Ways(true);
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("steps");
    ways.readBinary();
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("batch");
  });

  it("stays text for what was found out too late", () => {
    const ways = provenWays();
    ways.keepText("t");
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("text");
  });

  it("is text as long as the columns have to be", () => {
    const ways = provenWays();
    ways.learn("t", suited, 1_000);
    ways.preferText("t");
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("text");
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("batch");
  });

  it("is text for all, where binary rows were others than MySQL's", () => {
    const ways = provenWays();
    ways.learn("t", suited, 1_000);
    ways.cannotReadBinary();
    ways.learn("t", suited, 1_000);
    expect(["t", "another"].map((template) => ways.of({ sql, template }, mariadb))).toEqual(["text", "text"]);
  });

  test.each([
    [[1295, 1047, 1064], false, "text"],
    [[1295, 1047], false, "steps"],
    [[1461, 1461, 1615, 1615, 1295, 1295], false, "steps"],
    [[1295, 1295, 1295, 1295], true, "steps"],
  ] as const)("of another one, after the errors %j, binary rows before: %j, is %s", (codes, isProven, way) => {
    const ways = isProven ? provenWays() : new Ways(true);
    for (const code of codes) {
      ways.ranAfter(error(code));
    }
    expect(ways.of({ sql, template: "another" }, mariadb)).toBe(way);
  });

  test.each([
    "SHOW TABLES",
    "EXPLAIN SELECT 1",
    "DESCRIBE a",
    "SELECT 1 INTO @a",
    "SELECT @a := 1",
    "SELECT stored(1)",
    "SELECT get_lock('a', 1)",
    "INSERT INTO a VALUES (1)",
    "CALL p()",
    "SELECT 1 /*! + 1 */",
  ])("is text for what may not be run twice, or does not give rows of a table: %s", (statement) => {
    const ways = new Ways(true);
    expect(ways.of({ sql: statement, template: "t" }, mariadb)).toBe("text");
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql: statement, template: "t" }, mariadb)).toBe("text");
  });

  test.each([
    "SELECT 1",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "TABLE a",
    "VALUES (1)",
    "(SELECT 1)",
    "-- a\nSELECT 1",
  ])("is another one for %s, where the settings allow it", (statement) => {
    expect([true, false].map((isBinary) => new Ways(isBinary).of({ sql: statement, template: "t" }, mariadb))).toEqual([
      "steps",
      "text",
    ]);
  });
});

test.each([
  ["5.5.5-10.11.6-MariaDB-0+deb12u1", 29, true, true],
  ["11.4.2-MariaDB-log", 0x1d, true, true],
  ["5.5.5-10.11.6-MariaDB", 0, true, false],
  ["10.2.0-MariaDB", 0x03, true, false],
  ["5.5.30-anything", 0x04, false, true],
  ["8.0.36", 0, false, false],
])("the version %s, with the capabilities %j", (version, capabilities, isMariadb, runsLast) => {
  expect(traitsOf(version, capabilities)).toEqual({ isMariadb, runsLast });
});
