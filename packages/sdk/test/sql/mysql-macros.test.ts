import { describe, expect, test } from "vitest";
import { mysql } from "../../src/sql/index.js";
import { acrossEpoch, expand, sixties } from "./expand.js";

/** The cases of Grafana's own tests: pkg/tsdb/mysql/macros_test.go. */
describe("MySQL: as Grafana's own data source", () => {
  test.each([
    ["select $__time(time_column)", "select UNIX_TIMESTAMP(time_column) as time_sec"],
    ["select $__timeEpoch(time_column)", "select UNIX_TIMESTAMP(time_column) as time_sec"],
    ["select min($__time(time_column))", "select min(UNIX_TIMESTAMP(time_column) as time_sec)"],
    ["GROUP BY $__timeGroup(time_column,'5m')", "GROUP BY UNIX_TIMESTAMP(time_column) DIV 300 * 300"],
    ["GROUP BY $__timeGroupAlias(time_column,'5m')", 'GROUP BY UNIX_TIMESTAMP(time_column) DIV 300 * 300 AS "time"'],
    ["GROUP BY $__timeGroup(time_column , '5m')", "GROUP BY UNIX_TIMESTAMP(time_column) DIV 300 * 300"],
    ["GROUP BY $__timeGroupAlias(time_column , '5m')", 'GROUP BY UNIX_TIMESTAMP(time_column) DIV 300 * 300 AS "time"'],
    [
      "WHERE $__timeFilter(time_column)",
      "WHERE time_column BETWEEN FROM_UNIXTIME(1523556000) AND FROM_UNIXTIME(1523556300)",
    ],
    ["select $__timeFrom()", "select FROM_UNIXTIME(1523556000)"],
    ["select $__timeTo()", "select FROM_UNIXTIME(1523556300)"],
    ["select $__unixEpochFilter(time)", "select time >= 1523556000 AND time <= 1523556300"],
    ["select $__unixEpochNanoFilter(time)", "select time >= 1523556000000000000 AND time <= 1523556300000000000"],
    ["select $__unixEpochNanoFrom()", "select 1523556000000000000"],
    ["select $__unixEpochNanoTo()", "select 1523556300000000000"],
    ["SELECT $__unixEpochGroup(time_column,'5m')", "SELECT time_column DIV 300 * 300"],
    ["SELECT $__unixEpochGroupAlias(time_column,'5m')", 'SELECT time_column DIV 300 * 300 AS "time"'],
    ["SELECT $__unixEpochGroup(time_column,'12d')", "SELECT time_column DIV 1.0368e+06 * 1.0368e+06"],
    ["SELECT $__timeGroup(time_column,'12d')", "SELECT UNIX_TIMESTAMP(time_column) DIV 1036800 * 1036800"],
    ['SELECT $__timeGroup(time_column,"1h"), value', "SELECT UNIX_TIMESTAMP(time_column) DIV 3600 * 3600, value"],
  ])("%s", (sql, expanded) => {
    expect(expand(sql, { dialect: mysql }).sql).toBe(expanded);
  });

  test.each([
    [
      "WHERE $__timeFilter(time_column)",
      "WHERE time_column BETWEEN DATE_ADD(FROM_UNIXTIME(0), INTERVAL -312915600 SECOND) AND FROM_UNIXTIME(318412800)",
    ],
    ["select $__unixEpochFilter(time)", "select time >= -312915600 AND time <= 318412800"],
  ])("across 1970: %s", (sql, expanded) => {
    expect(expand(sql, { dialect: mysql, timeRange: acrossEpoch }).sql).toBe(expanded);
  });
});

describe("MySQL: where Grafana's own data source gives SQL that finds nothing", () => {
  test("a range that ends before 1970, since FROM_UNIXTIME gives NULL for such a time", () => {
    expect(expand("$__timeFilter(t) $__timeFrom $__timeTo", { dialect: mysql, timeRange: sixties }).sql).toBe(
      "t BETWEEN DATE_ADD(FROM_UNIXTIME(0), INTERVAL -312915600 SECOND) AND DATE_ADD(FROM_UNIXTIME(0), INTERVAL -154886400 SECOND) " +
        "DATE_ADD(FROM_UNIXTIME(0), INTERVAL -312915600 SECOND) DATE_ADD(FROM_UNIXTIME(0), INTERVAL -154886400 SECOND)",
    );
  });

  test("groups by a fraction of a second, which would be rounded to 0 or 2 seconds", () => {
    expect(expand("$__timeGroup(t,'500ms') $__timeGroup(t,'1500ms')", { dialect: mysql }).sql).toBe(
      "UNIX_TIMESTAMP(t) DIV 0.5 * 0.5 UNIX_TIMESTAMP(t) DIV 1.5 * 1.5",
    );
  });
});
