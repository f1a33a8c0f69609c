import { describe, expect, test } from "vitest";
import { DownstreamError } from "../../src/errors.js";
import { parseSqlQuery, sqlQuerySchema } from "../../src/sql/index.js";
import { validate } from "../../src/validation/validate.js";

const none = { rawSql: "", format: "time_series", fill: undefined, table: undefined, column: undefined };

describe("parseSqlQuery", () => {
  test("reads what the editors of Grafana's own data sources store", () => {
    const stored = {
      refId: "A",
      datasource: { type: "grafana-postgresql-datasource", uid: "x" },
      format: "table",
      rawQuery: true,
      rawSql: "SELECT 1",
      editorMode: "code",
      sql: { columns: [], groupBy: [] },
      dataset: "db",
      table: "t",
    };
    expect(parseSqlQuery(stored)).toEqual({ ...none, rawSql: "SELECT 1", format: "table", table: "t" });
  });

  test.each([
    ["time_series", "time_series"],
    ["table", "table"],
    ["logs", "logs"],
    [" Table ", "table"],
    ["timeseries", "time_series"],
    ["", "time_series"],
    [undefined, "time_series"],
    [null, "time_series"],
    [0, "time_series"],
    [1, "table"],
    [2, "logs"],
    ["1", "table"],
  ])("format %j is %s", (format, expected) => {
    expect(parseSqlQuery({ format }).format).toBe(expected);
  });

  test.each([
    [
      { fill: true, fillInterval: 300, fillMode: "null" },
      { fill: "null", interval: 300_000_000_000n },
    ],
    [
      { fill: true, fillInterval: 0.5, fillMode: "previous" },
      { fill: "previous", interval: 500_000_000n },
    ],
    [
      { fill: true, fillInterval: 1, fillMode: "value", fillValue: 7 },
      { fill: { value: 7 }, interval: 1_000_000_000n },
    ],
    [{ fill: false, fillInterval: 1, fillMode: "value", fillValue: 7 }, undefined],
    [{ fillMode: { Mode: 0 } }, { fill: "previous", interval: undefined }],
    [{ fillMode: { Mode: 1, Value: 0 } }, { fill: "null", interval: undefined }],
    [{ fillMode: { mode: 2, value: 7 } }, { fill: { value: 7 }, interval: undefined }],
  ])("%j", (query, fill) => {
    expect(parseSqlQuery(query).fill).toEqual(fill);
  });

  test.each<[unknown, string]>([
    [null, "query: must be an object"],
    ["SELECT 1", "query: must be an object"],
    [[], "query: must be an object"],
    [{ rawSql: 1, format: "graph" }, "query.format: must be table, time_series or logs; query.rawSql: must be a text"],
    [{ format: 3 }, "query.format: must be table, time_series or logs"],
    [{ format: {} }, "query.format: must be table, time_series or logs"],
    [{ table: {} }, "query.table: must be a text"],
    [{ fill: true, fillMode: "nope", fillInterval: 1 }, "query.fillMode: must be null, previous or value"],
    [
      { fill: true, fillMode: "value", fillValue: "7", fillInterval: 1 },
      "query.fillMode: must be null, previous or value",
    ],
    [{ fill: true, fillMode: "null" }, "query.fillInterval: must be a number of seconds above 0"],
    [{ fill: true, fillMode: "null", fillInterval: 0 }, "query.fillInterval: must be a number of seconds above 0"],
    [{ fillMode: { Mode: 3 } }, "query.fillMode: must have a Mode of 0, 1 or 2, and a number as Value"],
  ])("%j is an error", (query, message) => {
    expect(() => parseSqlQuery(query)).toThrow(message);
    expect(() => parseSqlQuery(query)).toThrow(DownstreamError);
  });
});

test("sqlQuerySchema is a validator for defineDataSource", async () => {
  expect(await validate(sqlQuerySchema, { rawSql: "SELECT 1" }, "query")).toEqual({ ...none, rawSql: "SELECT 1" });
  await expect(validate(sqlQuerySchema, { rawSql: 1 }, "query")).rejects.toThrow(
    new DownstreamError("query.rawSql: must be a text", { status: 400 }),
  );
});
