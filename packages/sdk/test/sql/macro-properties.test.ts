import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { DownstreamError } from "../../src/errors.js";
import {
  genericSql,
  genericSyntax,
  mysql,
  mysqlSyntax,
  postgres,
  postgresSyntax,
  sqlTokens,
} from "../../src/sql/index.js";
import { expand } from "./expand.js";

// Enough for a busy machine, and far too little for a time that grows with the square of the length.
vi.setConfig({ testTimeout: 30_000 });

/** Any UTF-16 units, also such as form no character. */
const anything = fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

/** Text in which every character may begin or end something. */
const hostile = fc.string({
  unit: fc.constantFrom(
    ..."'\"`$_-#/*![](),;\\\n\r eEUmM1aé\u{1f600}",
    "$__",
    "$__timeFrom",
    "$__time(",
    "--",
    "/*",
    "*/",
    "$$",
  ),
  maxLength: 60,
});

/** Any text, put between quotes as PostgreSQL wants it, and comments. */
const postgresInert = fc.oneof(
  hostile.map((text) => `'${text.replaceAll("'", "''")}'`),
  hostile.map((text) => `"${text.replaceAll('"', '""')}"`),
  // Not at the end: behind a line break, the next quote would go on with it.
  hostile.map((text) => `E'${text.replaceAll(/['\\]/g, "\\$&")}' x`),
  hostile
    .map((text) => `$q$${text.replaceAll("$q$", "")}$q$`)
    .filter((text) => text.indexOf("$q$", 3) === text.length - 3),
  hostile.map((text) => `--${text.replaceAll(/[\n\r]/g, " ")}\n`),
  hostile.map((text) => `/*${text.replaceAll(/[*/]/g, " ")}/* $__timeFrom( */*/`),
);

const mysqlInert = fc.oneof(
  hostile.map((text) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`),
  hostile.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '""')}"`),
  hostile.map((text) => `\`${text.replaceAll("`", "``")}\``),
  hostile.map((text) => `#${text.replaceAll("\n", " ")}\n`),
  hostile.map((text) => `-- ${text.replaceAll("\n", " ")}\n`),
  hostile.map((text) => `/* ${text.replaceAll(/[*/]/g, " ")} */`),
);

/** What is there to be replaced, and by what. The argument of the last is any inert text. */
const replaced = (inert: fc.Arbitrary<string>): fc.Arbitrary<readonly [sql: string, expanded: string]> =>
  fc.oneof(
    fc.constantFrom(["$__unixEpochFrom()", "1523556000"] as const, ["$__unixEpochTo", "1523556300"] as const),
    fc.array(inert, { maxLength: 3 }).map((parts) => {
      const argument = `f(${parts.join(" ")} , (1) )`;
      return [`$__unixEpochFilter( ${argument} )`, `${argument} >= 1523556000 AND ${argument} <= 1523556300`] as const;
    }),
  );

describe.each([
  ["PostgreSQL", postgres, postgresInert],
  ["MySQL", mysql, mysqlInert],
] as const)("%s", (_, dialect, inert) => {
  test("quoted text and comments survive, whatever stands between them", () => {
    const pieces = fc.oneof(
      inert.map((text) => [text, text] as const),
      fc.constantFrom("SELECT", "x.y", "1.5", "(", ")", "[", "]", ",", ";").map((text) => [text, text] as const),
      replaced(inert),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const sql = parts.map(([text]) => text).join(" ");
        expect(expand(sql, { dialect }).sql).toBe(parts.map(([, expanded]) => expanded).join(" "));
      }),
      { numRuns: 1_000 },
    );
  });

  test("what has been expanded stays as it is when it is expanded again", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            inert,
            replaced(inert).map(([sql]) => sql),
          ),
        ),
        (parts) => {
          const once = expand(parts.join(" "), { dialect }).sql;
          expect(expand(once, { dialect }).sql).toBe(once);
        },
      ),
    );
  });
});

test.each([
  ["PostgreSQL", postgres],
  ["MySQL", mysql],
  ["other", genericSql],
])("%s: text without macros stays as it is", (_, dialect) => {
  fc.assert(
    fc.property(fc.oneof(hostile, anything), (text) => {
      const sql = text.replaceAll(/\$_{2,}/g, "$");
      expect(expand(sql, { dialect }).sql).toBe(sql);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ["PostgreSQL", postgres],
  ["MySQL", mysql],
  ["other", genericSql],
])("%s: any text is expanded, or refused in words", (_, dialect) => {
  fc.assert(
    fc.property(hostile, (text) => {
      try {
        expect(typeof expand(text, { dialect }).sql).toBe("string");
      } catch (error) {
        expect(error).toBeInstanceOf(DownstreamError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["PostgreSQL", postgresSyntax],
  ["MySQL", mysqlSyntax],
  ["other", genericSyntax],
])("%s: tokens follow one another without a gap, and none is empty", (_, syntax) => {
  fc.assert(
    fc.property(fc.oneof(hostile, anything), (text) => {
      let end = 0;
      for (const token of sqlTokens(text, syntax)) {
        expect(token.start).toBe(end);
        expect(token.end).toBeGreaterThan(token.start);
        end = token.end;
      }
      expect(end).toBe(text.length);
    }),
    { numRuns: 1_000 },
  );
});

describe("a megabyte of anything ends", () => {
  // biome-ignore format: one line says more than forty
  const postgresPieces = ["'", "''", "E'\\", "$", "$$", "$a", "$a$b", "a$", "$__", "-", "--\n", "/*", "*/", "/*/", "(", "()", ")", "[)", "[]", "a", "a ", "é", "SELECT (", "$__timeFrom ", "$__time(a) ", "$__time(a,b", "E'a'\n--"];
  const mysqlPieces = ["\\'", "`", "--", "#", "/*!", "/*! */", "/*", "a ", "\0"];
  test.each([
    ...postgresPieces.map((piece) => [piece, postgres] as const),
    ...mysqlPieces.map((piece) => [piece, mysql] as const),
  ])("%j", (piece, dialect) => {
    try {
      expect(expand(piece.repeat(Math.ceil(1_000_000 / piece.length)), { dialect }).sql.length).toBeGreaterThan(
        999_000,
      );
    } catch (error) {
      expect(error).toBeInstanceOf(DownstreamError);
    }
  });
});
