import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DownstreamError } from "../../src/errors.js";
import { mysqlSyntax, postgresSyntax, requireSingleStatement, statementKeyword } from "../../src/sql/index.js";

describe("requireSingleStatement", () => {
  test.each([
    ["SELECT 1", "SELECT 1"],
    ["SELECT 1;", "SELECT 1"],
    [" ;; SELECT 1 ;; -- end\n ; /* ; */", " SELECT 1 "],
    ["/* hint */ SELECT ';' AS \";\" -- ;\n", "/* hint */ SELECT ';' AS \";\" -- ;\n"],
    ["SELECT $$;$$, E'\\';', $a$;$a$", "SELECT $$;$$, E'\\';', $a$;$a$"],
    ["SELECT /* /* ; */ ; */ 1", "SELECT /* /* ; */ ; */ 1"],
  ])("PostgreSQL: %s", (sql, statement) => {
    expect(requireSingleStatement(sql, postgresSyntax)).toBe(statement);
  });

  test.each([
    ["SELECT 1;\nDROP TABLE t", "query at 2:1: a second statement begins here; a query may have one only"],
    ["SELECT '\\'; DROP TABLE t; --'", "query at 1:13: a second statement begins here"],
    ["SELECT 1; '", "query at 1:11: quoted text begins here and does not end"],
    ["SELECT $a$ $b$", "query at 1:8: quoted text begins here and does not end"],
    ["SELECT 1 /* /* */", "query at 1:10: a comment begins here and does not end"],
    ["", "query: there is no statement"],
    [" ; -- SELECT 1\n", "query: there is no statement"],
  ])("PostgreSQL: %s is an error", (sql, message) => {
    expect(() => requireSingleStatement(sql, postgresSyntax)).toThrow(message);
    expect(() => requireSingleStatement(sql, postgresSyntax)).toThrow(DownstreamError);
  });

  test.each([
    ["SELECT '\\';', \"\\\";\", `;` # ;\n", "SELECT '\\';', \"\\\";\", `;` # ;\n"],
    ["SELECT 1 -- ;\r ;", "SELECT 1 -- ;\r ;"],
    ["SELECT /*!50000 1 */;", "SELECT /*!50000 1 */"],
  ])("MySQL: %s", (sql, statement) => {
    expect(requireSingleStatement(sql, mysqlSyntax)).toBe(statement);
  });

  test.each([
    ["SELECT 1 --; DROP TABLE t", "query at 1:14: a second statement begins here"],
    // Run as they stand where the version is high enough, and else comments: neither may hide a statement.
    ["SELECT 1 /*! ; DROP TABLE t */", "query at 1:16: a second statement begins here"],
    ["SELECT 1 /*M! ; DROP TABLE t */", "query at 1:17: a second statement begins here"],
    ["/*! DROP TABLE t */", "query: the statement stands in a comment that the server may run"],
    ["SELECT 1 /*! ;/* */", "query at 1:14: a semicolon stands in a comment that the server may run"],
    ["/*! ;-- */\nSELECT 1", "query at 2:1: a second statement begins here"],
    ["SELECT 1 /*!99999 ' */; DROP TABLE t; /* ' */", "query at 1:25: a second statement begins here"],
  ])("MySQL: %s is an error", (sql, message) => {
    expect(() => requireSingleStatement(sql, mysqlSyntax)).toThrow(message);
  });

  test("what passes has no semicolon outside of quotes and comments, and passes again unchanged", () => {
    const piece = fc.constantFrom(
      "SELECT",
      ";",
      "'",
      '"',
      "--",
      "\n",
      "/*",
      "*/",
      "$$",
      "\\",
      "E",
      "#",
      "`",
      " ",
      "/*!",
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(postgresSyntax, mysqlSyntax), (pieces, syntax) => {
        let statement: string;
        try {
          statement = requireSingleStatement(pieces.join(""), syntax);
        } catch (error) {
          expect(error).toBeInstanceOf(DownstreamError);
          return;
        }
        // For MySQL that is a comment at the end of a text, but none before a semicolon.
        fc.pre(!statement.endsWith("--"));
        expect(requireSingleStatement(statement, syntax)).toBe(statement);
        expect(() => requireSingleStatement(`${statement}\n;DROP`, syntax)).toThrow("a second statement begins here");
      }),
      { numRuns: 10_000 },
    );
  });
});

test.each([
  ["select 1", "SELECT"],
  ["/* a */ -- b\n ( With x as (select 1) select 2 )", "WITH"],
  ["; explain select 1", "EXPLAIN"],
  ["", ""],
  ["'select'", ""],
  ["$__time(x)", ""],
])("the keyword of %j is %j", (sql, keyword) => {
  expect(statementKeyword(sql, postgresSyntax)).toBe(keyword);
});

test.each([
  ["(SELECT 1)", "SELECT"],
  ["# a\n SELECT /*!50000 SQL_NO_CACHE */ 1", "SELECT"],
  // Whether it is run depends on the server's version, and each of several on its own.
  ["/*!SET*/ SESSION TRANSACTION READ WRITE", ""],
  ["/*!*/SET SESSION TRANSACTION READ WRITE", ""],
  ["/*!50000DELETE*/ FROM t", ""],
  ["/*M!DELETE*/ FROM t", ""],
  ["/*M!100100 SELECT*/ SELECT 1", ""],
  ["/*!99999 SELECT*/ /*!50000 DELETE FROM t WHERE a IN (*/ SELECT 1 /*!50000 )*/", ""],
  ["(/*!DELETE*/ FROM t)", ""],
])("MySQL: the keyword of %j is %j", (sql, keyword) => {
  expect(statementKeyword(sql, mysqlSyntax)).toBe(keyword);
});
