import { describe, expect, test } from "vitest";
import { isPlainRead, isReading } from "../backend/mysql/plain-read.js";

describe("statements that leave nothing in the session", () => {
  test.each([
    "SELECT a, count(*) FROM t WHERE b IN (1, 2) AND (c = 'x' OR d > 1) GROUP BY 1",
    "SELECT UNIX_TIMESTAMP(t) DIV 60 * 60 AS time, avg(v) FROM db.t GROUP BY 1 ORDER BY 1",
    "WITH a AS (SELECT 1) SELECT * FROM a JOIN (SELECT 2) b ON (a.x = b.x)",
    "(SELECT 'INTO', `get_lock` /* INTO */ FROM t)",
    "SHOW TABLES",
    "SELECT a.`t`.b, now()",
  ])("%s", (sql) => {
    expect(isPlainRead(sql)).toBe(true);
  });

  test.each([
    "SELECT GET_LOCK('x', 0)",
    "SELECT get_lock ('x', 0)",
    "SELECT stored()",
    "SELECT `count`(1)",
    "SELECT db.count(1)",
    "SELECT db . `stored` /* */ (1)",
    "SELECT @a := 1",
    "SELECT 1 INTO @a",
    "SELECT /*!GET_LOCK*/ ('x', 0)",
    "/*!SET*/ @a = 1",
    "USE mysql",
    "START TRANSACTION",
    "CALL p()",
    "",
  ])("but not %s", (sql) => {
    expect(isPlainRead(sql)).toBe(false);
  });
});

test.each(["/*!SET*/ x = 1", "/*!*/SET x = 1", "/*!50000DELETE*/ FROM t", "/*M!DELETE*/ FROM t", "", "SET x = 1"])(
  "%j is no statement that reads",
  (sql) => {
    expect(isReading(sql)).toBe(false);
  },
);
