import { describe, expect, test } from "vitest";
import { DownstreamError } from "../../src/errors.js";
import { genericSql, MacroError, type Macros, mysql } from "../../src/sql/index.js";
import { expand } from "./expand.js";

/** A macro that becomes a fixed text, whatever its arguments. */
const fixed = (text: string) => ({ usage: "$__x", arguments: [0, 9] as const, expand: () => text });
/** A macro that becomes its arguments, behind a word and with something between them. */
const joined = (text: string, between: string) => ({
  usage: "$__x",
  arguments: [0, 9] as const,
  expand: (args: readonly string[]) => [text, ...args].join(between),
});

const own: Macros = {
  foo: fixed("baz"),
  fooBaz: fixed("qux"),
  params: joined("bar", "_"),
  f: fixed("f(1)"),
  g: fixed("g(1)"),
  num: fixed("10000"),
  timeGroup: fixed("grouped!"),
};

/** The cases of the Go SDK's own tests, but for those in which it replaces within quotes: data/sqlutil/macros_test.go. */
describe("other engines: as the Go SDK's sqlutil", () => {
  const zero = new Date("0001-01-01T00:00:00Z");
  const options = {
    dialect: genericSql,
    macros: own,
    timeRange: { from: zero, to: zero },
    intervalMs: 600_000,
    table: "my_table",
    column: "my_col",
  };

  test.each([
    ["select * from foo", "select * from foo"],
    ["select * from $__foo()", "select * from baz"],
    ["select $__foo, $__fooBaz from foo", "select baz, qux from foo"],
    ["select * from $__foo()$__foo()", "select * from bazbaz"],
    ["select * from $__foo", "select * from baz"],
    ["select * from $__params()", "select * from bar"],
    ["select * from $__params(hello)", "select * from bar_hello"],
    ["(select * from $__params(hello) AND $__params(hello))", "(select * from bar_hello AND bar_hello)"],
    [
      "select * from $__params(world) AND $__foo() AND $__params(hello)",
      "select * from bar_world AND baz AND bar_hello",
    ],
    ["select * from foo group by bin(time, $__interval)", "select * from foo group by bin(time, 10m)"],
    ["select count(*) / $__interval_ms * 1000 as qps from foo", "select count(*) / 600000 * 1000 as qps from foo"],
    [
      "select * from foo where $__timeFilter(cast(sth as timestamp) )",
      "select * from foo where cast(sth as timestamp) >= '0001-01-01T00:00:00Z' AND cast(sth as timestamp) <= '0001-01-01T00:00:00Z'",
    ],
    ["select * from foo where $__timeTo(time)", "select * from foo where time <= '0001-01-01T00:00:00Z'"],
    [
      "select * from foo where $__timeFrom(cast(sth as timestamp))",
      "select * from foo where cast(sth as timestamp) >= '0001-01-01T00:00:00Z'",
    ],
    ["select * from foo where $__timeGroup(time,minute)", "select * from foo where grouped!"],
    ["select $__column from $__table", "select my_col from my_table"],
    [
      "select * from table where ( datetime >= $__foo() ) AND ( datetime <= $__foo ) limit 100",
      "select * from table where ( datetime >= baz ) AND ( datetime <= baz ) limit 100",
    ],
    ["select * from foo where $__params(foo, bar)", "select * from foo where bar_foo_bar"],
    ["select * from foo where $__params(FUNC(foo, bar))", "select * from foo where bar_FUNC(foo, bar)"],
    ["select * from foo where $__f > $__g", "select * from foo where f(1) > g(1)"],
    [
      "select * from foo where $__num*(table.a + table.b) > 1000000",
      "select * from foo where 10000*(table.a + table.b) > 1000000",
    ],
  ])("%s", (sql, expanded) => {
    expect(expand(sql, options).sql).toBe(expanded);
  });

  test.each([
    ["select * from foo where $__params(whoops", "$__params at 1:25: its closing parenthesis is missing"],
    ["select * from foo where $__params(FUNC(foo, bar)", "$__params at 1:25: its closing parenthesis is missing"],
    ["$__params(FUNC(foo, bar)) > $__timeTo(uhoh", "$__timeTo at 1:29: its closing parenthesis is missing"],
  ])("%s is an error", (sql, message) => {
    expect(() => expand(sql, options)).toThrow(message);
  });

  test("$__timeGroup groups by the parts of a time down to the one named", () => {
    expect(expand("$__timeGroup(t, day)", { dialect: genericSql }).sql).toBe(
      "datepart(day, t),datepart(month, t),datepart(year, t)",
    );
    expect(() => expand("$__timeGroup(t, week)", { dialect: genericSql })).toThrow('"week" is no part of a time');
  });

  test("$__table and $__column need a query that names them", () => {
    expect(() => expand("$__table", { dialect: genericSql })).toThrow("the query names no table");
    expect(() => expand("$__column", { dialect: genericSql })).toThrow("the query names no column");
  });
});

describe("quoted text and comments stay", () => {
  test.each([
    "'$__timeFrom()'",
    "'it''s $__timeFrom()'",
    "E'it\\'s $__timeFrom()'",
    "e'a'\n  -- line\n'\\'$__timeFrom'",
    '"$__timeFrom()"',
    "$$ $__timeFrom() $$",
    "$__a$ $__timeFrom() $__a$",
    "-- $__timeFrom()\n",
    "/* /* $__nothing( */ $__timeFrom() */",
    "/*range='$__timeFilter(t)'*/",
    "'not closed $__timeFrom()",
    "/* not closed $__timeFrom()",
    "a$b$__$c",
    "$1 $__",
  ])("PostgreSQL: %s", (sql) => {
    expect(expand(`SELECT ${sql}`).sql).toBe(`SELECT ${sql}`);
  });

  test.each([
    "'it\\'s $__timeFrom()'",
    '"it\\"s $__timeFrom()"',
    "`$__timeFrom()`",
    "# $__timeFrom()\n",
    "-- $__timeFrom()\r still",
    "/* /* $__timeFrom() */",
  ])("MySQL: %s", (sql) => {
    expect(expand(`SELECT ${sql}`, { dialect: mysql }).sql).toBe(`SELECT ${sql}`);
  });

  test("but what only looks like it does not", () => {
    expect(expand("1--$__unixEpochTo", { dialect: mysql }).sql).toBe("1--1523556300");
    expect(expand("a /*!50000 $__unixEpochTo */", { dialect: mysql }).sql).toBe("a /*!50000 1523556300 */");
    expect(expand("'\\' $__unixEpochTo").sql).toBe("'\\' 1523556300");
    expect(expand("x#$__unixEpochTo").sql).toBe("x#1523556300");
    expect(expand("rollup_$__interval").sql).toBe("rollup_1m");
  });

  test("also in arguments, where they hide commas and parentheses", () => {
    expect(expand("$__time(f('a,)', \"b(\", $$c,$$) /* , ) */)").sql).toBe(
      'f(\'a,)\', "b(", $$c,$$) /* , ) */ AS "time"',
    );
  });

  test("the line break behind a line comment stays, lest it take the rest of the line", () => {
    expect(expand("$__time(t -- the time\n )").sql).toBe('t -- the time\n AS "time"');
    expect(expand("$__timeFilter($__params(t -- x\n))", { macros: own }).sql).toMatch(/^bar_t -- x\n BETWEEN/);
  });
});

describe("$__interval in quotes", () => {
  test("is the suggested interval where an interval must stand", () => {
    expect(expand("$__timeGroup(t, '$__interval')", { intervalMs: 90_000 }).sql).toBe(
      "floor(extract(epoch from t)/60)*60",
    );
    expect(expand('$__timeGroup(t, "$__interval" /* ! */, NULL)', { dialect: mysql }).sql).toBe(
      "UNIX_TIMESTAMP(t) DIV 60 * 60",
    );
  });

  test("stays elsewhere, unless it is the whole text and that is asked for", () => {
    const sql = "time_bucket('$__interval', t), '$__interval_ms', 'every $__interval', \"$__interval\"";
    expect(expand(sql).sql).toBe(sql);
    expect(expand(sql, { quotedInterval: true }).sql).toBe(
      "time_bucket('1m', t), '60000', 'every $__interval', \"$__interval\"",
    );
  });
});

describe("fill", () => {
  test.each([
    ["NULL", { fill: "null", interval: 300_000_000_000n }],
    ["null", { fill: "null", interval: 300_000_000_000n }],
    ["previous", { fill: "previous", interval: 300_000_000_000n }],
    ["'previous'", { fill: "previous", interval: 300_000_000_000n }],
    ["0", { fill: { value: 0 }, interval: 300_000_000_000n }],
    ["-1.5e2 -- down\n", { fill: { value: -150 }, interval: 300_000_000_000n }],
  ])("%s", (fill, setting) => {
    expect(expand(`SELECT $__timeGroupAlias(t,'5m',${fill})`).fill).toEqual(setting);
    expect(expand(`SELECT $__unixEpochGroup(t,'5m',${fill})`).fill).toEqual(setting);
  });

  test("none, where none is asked for; the last, where there are several", () => {
    expect(expand("SELECT $__timeGroup(t,'5m')").fill).toBeUndefined();
    expect(expand("SELECT $__timeGroup(t,'5m',0) GROUP BY $__timeGroup(t,'1m',1)").fill).toEqual({
      fill: { value: 1 },
      interval: 60_000_000_000n,
    });
  });

  test.each([
    ["$__timeEpoch(t)", true],
    ["$__timeGroupAlias(t,'5m')", true],
    ["SELECT $__timeGroup(t,'5m'), a", true],
    ["$__timeGroup(t,'5m')", false],
    ["$__time(t)", false],
    ["$__unixEpochGroupAlias(t,'5m')", true],
  ])("%s names a column of seconds: %s", (sql, seconds) => {
    expect(expand(sql).timeInSeconds).toBe(seconds);
  });
});

describe("what is wrong is said, where, and how it is right", () => {
  test.each([
    ["SELECT\n  $__nope(1)", "$__nope at 2:3: there is no such macro. There are $__interval, $__interval_ms, $__time,"],
    ["$__timefilter(t)", "$__timefilter at 1:1: there is no such macro, but there is $__timeFilter"],
    ["t > $__from", "$__from at 1:5: is a variable that Grafana replaces in dashboards only, and no macro. There are"],
    ["$__toString", "$__toString at 1:1: there is no such macro. There are"],
    ["é $__timeFilter", "$__timeFilter at 1:3: takes 1 argument, not 0. Usage: $__timeFilter(column)"],
    ["$__timeFilter (t)", "takes 1 argument, not 0; its parenthesis must follow without a space. Usage"],
    ["$__timeFilter(a, b)", "$__timeFilter at 1:1: takes 1 argument, not 2. Usage: $__timeFilter(column)"],
    ["$__timeFrom(t)", "$__timeFrom at 1:1: takes no arguments, not 1. Usage: $__timeFrom()"],
    ["$__time()", "$__time at 1:1: takes 1 argument, not 0. Usage: $__time(column)"],
    [
      "$__timeGroup(t)",
      "$__timeGroup at 1:1: takes 2 or 3 arguments, not 1. Usage: $__timeGroup(column, interval[, NULL | previous | number])",
    ],
    ["$__timeGroup(,'5m')", "$__timeGroup at 1:1: argument 1 is empty. Usage"],
    ["$__timeGroup(t,'5m',)", '"" is nothing to fill gaps with; write NULL, previous or a number. Usage'],
    ["$__timeGroup(t,'5m',NaN)", '"NaN" is nothing to fill gaps with'],
    ["$__timeGroup(t,'5m',1e999)", '"1e999" is nothing to fill gaps with'],
    ["$__timeGroup(t,'not-an-interval')", '"not-an-interval" is no interval; write a number and a unit, such as 5m'],
    ["$__timeGroup(t,'0s')", 'an interval must be longer than nothing, and "0s" is not. Usage'],
    ["$__timeFilter(\n$__timeGroup(t,'5x'))", "$__timeGroup at 2:1: "],
    ["$__time(a]b", "$__time at 1:1: its closing parenthesis is missing. Usage: $__time(column)"],
    ["$__time(t -- ) \n", "its closing parenthesis is missing"],
  ])("%s", (sql, message) => {
    expect(() => expand(sql)).toThrow(message);
    expect(() => expand(sql)).toThrow(
      expect.toSatisfy((error: unknown) => error instanceof DownstreamError && error.status === 400),
    );
  });

  test("a brackets' end that closes nothing changes nothing", () => {
    expect(expand(") ] $__time(a[1) , )]").sql).toBe(') ] a[1 AS "time" , )]');
  });

  test("what a macro throws itself goes on, unless it is a MacroError", () => {
    const throws = (error: Error): Macros => ({
      boom: {
        usage: "$__boom",
        arguments: 0,
        expand() {
          throw error;
        },
      },
    });
    expect(() => expand("$__boom", { macros: throws(new TypeError("bug")) })).toThrow(new TypeError("bug"));
    expect(() => expand(" $__boom", { macros: throws(new MacroError("not so")) })).toThrow(
      new DownstreamError("$__boom at 1:2: not so. Usage: $__boom", { status: 400 }),
    );
  });
});

describe("hostile text", () => {
  test("a million nested parentheses are an error", () => {
    const error = "query at 1:10001: parentheses are nested more than 10000 deep";
    expect(() => expand("(".repeat(1_000_000))).toThrow(error);
    expect(() => expand("[".repeat(1_000_000))).toThrow(error);
    expect(() => expand("$__time(".repeat(1_000_000))).toThrow("parentheses are nested more than 10000 deep");
    expect(expand(`${"(".repeat(10_000)}1${")".repeat(10_000)}`).sql).toHaveLength(20_001);
  });

  test("macros that double their argument again and again are an error", () => {
    const sql = `${"$__unixEpochFilter(".repeat(200)}t${")".repeat(200)}`;
    expect(() => expand(sql)).toThrow(
      /\$__unixEpochFilter at 1:\d+: the query becomes longer than 16777216 characters/,
    );
  });
});
