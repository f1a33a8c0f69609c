import { describe, expect, test } from "vitest";
import { timescaledb } from "../../src/sql/index.js";
import { acrossEpoch, expand, sixties } from "./expand.js";

/** The cases of Grafana's own tests: pkg/tsdb/grafana-postgresql-datasource/macros_test.go. */
describe("PostgreSQL: as Grafana's own data source", () => {
  test.each([
    ["select $__time(time_column)", 'select time_column AS "time"'],
    ["select min($__time(time_column))", 'select min(time_column AS "time")'],
    ["WHERE $__timeFilter(time_column)", "WHERE time_column BETWEEN '2018-04-12T18:00:00Z' AND '2018-04-12T18:05:00Z'"],
    ["select $__timeFrom()", "select '2018-04-12T18:00:00Z'"],
    ["select $__timeTo()", "select '2018-04-12T18:05:00Z'"],
    [
      "SELECT $__timeGroup(time_column,'5m'), value",
      'SELECT floor(extract(epoch from time_column)/300)*300 AS "time", value',
    ],
    [
      "SELECT $__timeGroup(time_column,'5m') as time, value",
      "SELECT floor(extract(epoch from time_column)/300)*300 as time, value",
    ],
    ["SELECT $__timeGroup(time_column,'5m')", "SELECT floor(extract(epoch from time_column)/300)*300"],
    ["SELECT $__timeGroupAlias(time_column,'5m')", 'SELECT floor(extract(epoch from time_column)/300)*300 AS "time"'],
    ["$__timeGroup(time_column , '5m')", "floor(extract(epoch from time_column)/300)*300"],
    ["$__timeGroupAlias(time_column , '5m')", 'floor(extract(epoch from time_column)/300)*300 AS "time"'],
    ["select $__unixEpochFilter(time)", "select time >= 1523556000 AND time <= 1523556300"],
    ["select $__unixEpochNanoFilter(time)", "select time >= 1523556000000000000 AND time <= 1523556300000000000"],
    ["select $__unixEpochNanoFrom()", "select 1523556000000000000"],
    ["select $__unixEpochNanoTo()", "select 1523556300000000000"],
    [
      "SELECT $__unixEpochGroup(time_column+time_adjustment,'5m')",
      "SELECT floor((time_column+time_adjustment)/300)*300",
    ],
    [
      "SELECT $__unixEpochGroupAlias(time_column+time_adjustment,'5m')",
      'SELECT floor((time_column+time_adjustment)/300)*300 AS "time"',
    ],
  ])("%s", (sql, expanded) => {
    expect(expand(sql).sql).toBe(expanded);
  });

  test.each([
    ["WHERE $__timeFilter(time_column)", "WHERE time_column BETWEEN '1960-02-01T07:00:00Z' AND '1965-02-03T08:00:00Z'"],
    ["select $__unixEpochFilter(time)", "select time >= -312915600 AND time <= -154886400"],
    ["select $__unixEpochNanoFilter(time)", "select time >= -312915600000000000 AND time <= -154886400000000000"],
  ])("before 1970: %s", (sql, expanded) => {
    expect(expand(sql, { timeRange: sixties }).sql).toBe(expanded);
  });

  test.each([
    ["WHERE $__timeFilter(time_column)", "WHERE time_column BETWEEN '1960-02-01T07:00:00Z' AND '1980-02-03T08:00:00Z'"],
    ["select $__unixEpochFilter(time)", "select time >= -312915600 AND time <= 318412800"],
    ["select $__unixEpochNanoFilter(time)", "select time >= -312915600000000000 AND time <= 318412800000000000"],
  ])("across 1970: %s", (sql, expanded) => {
    expect(expand(sql, { timeRange: acrossEpoch }).sql).toBe(expanded);
  });

  test("fractions of a second are written without zeros at their end", () => {
    const timeRange = { from: new Date("1960-02-01T07:00:00.500Z"), to: new Date("1980-02-03T08:00:00.500Z") };
    expect(expand("WHERE $__timeFilter(time_column)", { timeRange }).sql).toBe(
      "WHERE time_column BETWEEN '1960-02-01T07:00:00.5Z' AND '1980-02-03T08:00:00.5Z'",
    );
  });

  test.each([
    [600_000, '10m floor(extract(epoch from time)/600)*600 AS "time" 600000'],
    [4_000, '4s floor(extract(epoch from time)/4)*4 AS "time" 4000'],
    [200, '200ms floor(extract(epoch from time)/0.2)*0.2 AS "time" 200'],
  ])("a suggested interval of %d ms", (intervalMs, expanded) => {
    expect(expand("$__interval $__timeGroupAlias(time,$__interval) $__interval_ms", { intervalMs }).sql).toBe(expanded);
  });

  test.each([
    ["select $__unixEpochFrom()", "select 1523556000"],
    ["select $__unixEpochTo()", "select 1523556300"],
    ["SELECT $__interval /*app='grafana',source='bi'*/", "SELECT 1m /*app='grafana',source='bi'*/"],
    ["select $__timeEpoch(time_column)", 'select extract(epoch from time_column) as "time"'],
    // Go writes seconds so from a million on.
    ["$__timeGroup(t,'12d')", "floor(extract(epoch from t)/1.0368e+06)*1.0368e+06"],
    ["$__unixEpochGroup(t,1y)", "floor((t)/3.1536e+07)*3.1536e+07"],
    ["$__timeGroup(t,'20us')", "floor(extract(epoch from t)/2e-05)*2e-05"],
  ])("%s", (sql, expanded) => {
    expect(expand(sql, { now: new Date("2023-01-01T00:00:00Z") }).sql).toBe(expanded);
  });
});

describe("TimescaleDB: as Grafana's own data source", () => {
  test.each([
    ["GROUP BY $__timeGroup(time_column,'5m')", "GROUP BY time_bucket('300.000s',time_column)"],
    ["GROUP BY $__timeGroup(time_column , '5m')", "GROUP BY time_bucket('300.000s',time_column)"],
    ["GROUP BY $__timeGroup(time_column , '12d')", "GROUP BY time_bucket('1036800.000s',time_column)"],
    ["GROUP BY $__timeGroup(time_column , '20ms')", "GROUP BY time_bucket('0.020s',time_column)"],
    ["SELECT $__timeGroupAlias(time_column,'5m')", "SELECT time_bucket('300.000s',time_column) AS \"time\""],
    // Rounded to thousandths, this would be another interval; and the next one, none.
    ["$__timeGroup(t,'62500us')", "time_bucket('0.0625s',t)"],
    ["$__timeGroup(t,'400us')", "time_bucket('0.0004s',t)"],
  ])("%s", (sql, expanded) => {
    expect(expand(sql, { dialect: timescaledb }).sql).toBe(expanded);
  });
});

describe("PostgreSQL: where Grafana's own data source gives SQL that the server refuses", () => {
  test.each([
    [
      "$__timeGroup is called time behind SELECT only",
      "SELECT $__timeGroup(t,'5m'), host FROM m GROUP BY $__timeGroup(t,'5m'), host ORDER BY $__timeGroup(t,'5m'), host",
      'SELECT floor(extract(epoch from t)/300)*300 AS "time", host FROM m GROUP BY floor(extract(epoch from t)/300)*300, host ORDER BY floor(extract(epoch from t)/300)*300, host',
    ],
    [
      "nor is it within a function",
      "SELECT coalesce($__timeGroup(t,'5m'), 0), (SELECT $__timeGroup(u,'1s'), 1)",
      'SELECT coalesce(floor(extract(epoch from t)/300)*300, 0), (SELECT floor(extract(epoch from u)/1)*1 AS "time", 1)',
    ],
    [
      "or within PARTITION BY and brackets",
      "SELECT rank() OVER (PARTITION BY $__timeGroup(t,'1s'), b), ARRAY[$__timeGroup(t,'1s'), 1]",
      "SELECT rank() OVER (PARTITION BY floor(extract(epoch from t)/1)*1, b), ARRAY[floor(extract(epoch from t)/1)*1, 1]",
    ],
    [
      "a column that is called like a keyword ends no list",
      "SELECT m.from, $__timeGroup(t,'1s'), b",
      'SELECT m.from, floor(extract(epoch from t)/1)*1 AS "time", b',
    ],
    [
      "functions and commas within an argument",
      "SELECT $__time(date_trunc('hour', timezone('PST', t))) WHERE $__timeFilter(coalesce(a, b))",
      "SELECT date_trunc('hour', timezone('PST', t)) AS \"time\" WHERE coalesce(a, b) BETWEEN '2018-04-12T18:00:00Z' AND '2018-04-12T18:05:00Z'",
    ],
  ])("%s", (_, sql, expanded) => {
    expect(expand(sql).sql).toBe(expanded);
  });
});
