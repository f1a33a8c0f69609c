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

describe("the way of a statement", () => {
  it("is by steps at first, then what its last result was best for", () => {
    const ways = new Ways(true);
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("steps");
    for (const [columns, rows, way] of [
      [suited, 1, "text"],
      [suited, 200, "batch"],
      [suited, 199, "text"],
      [unsuited, 200, "text"],
      [suited, 1e6, "batch"],
      [[], 0, "text"],
    ] as const) {
      ways.learn("t", columns, rows);
      expect([columns, rows, ways.of({ sql, template: "t" }, mariadb)]).toEqual([columns, rows, way]);
    }
    expect(ways.of({ sql, template: "another" }, mariadb)).toBe("steps");
  });

  it("is by steps where the server has no other way to prepare", () => {
    const ways = new Ways(true);
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql, template: "t" }, other)).toBe("steps");
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("batch");
    ways.cannotBatch();
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("steps");
  });

  it("stays text for what was found out too late", () => {
    const ways = new Ways(true);
    ways.failed("t");
    ways.learn("t", suited, 1_000);
    expect(ways.of({ sql, template: "t" }, mariadb)).toBe("text");
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
  ["5.5.5-10.11.6-MariaDB-0+deb12u1", true, true],
  ["10.2.0-MariaDB", true, true],
  ["11.4.2-MariaDB-log", true, true],
  ["5.5.5-10.1.48-MariaDB", true, false],
  ["5.5.68-MariaDB", true, false],
  ["8.0.36", false, false],
  ["MariaDB", true, false],
])("the version %s", (version, isMariadb, runsLast) => {
  expect(traitsOf(version)).toEqual({ isMariadb, runsLast });
});
