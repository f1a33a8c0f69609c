import { describe, expect, it } from "vitest";
import { queryInputs } from "../src/query-input.js";

const defaults = {
  timeRange: { from: new Date(0), to: new Date(1000) },
  intervalMs: 20_000,
  maxDataPoints: 1000,
  dataSource: { type: "acme-a-datasource", uid: "u" },
};

describe("query JSON", () => {
  it("is completed as Grafana's panels do it", () => {
    expect(queryInputs({ file: "a.csv" }, defaults)).toEqual([
      {
        refId: "A",
        intervalMs: 20_000,
        maxDataPoints: 1000,
        timeRange: defaults.timeRange,
        json: { datasource: defaults.dataSource, file: "a.csv", refId: "A", intervalMs: 20_000, maxDataPoints: 1000 },
      },
    ]);
  });

  it("keeps what a query brings", () => {
    const [input] = queryInputs([{ refId: "Q", queryType: "t", intervalMs: 5, maxDataPoints: 7 }], defaults);
    expect(input).toMatchObject({ refId: "Q", queryType: "t", intervalMs: 5, maxDataPoints: 7 });
    expect(input?.json).toMatchObject({ refId: "Q", queryType: "t", intervalMs: 5, maxDataPoints: 7 });
  });

  it("gives the letters that are free", () => {
    const refIds = queryInputs([{}, { refId: "A" }, {}, { refId: "C" }], defaults).map(({ refId }) => refId);
    expect(refIds).toEqual(["B", "A", "D", "C"]);
  });

  it("goes on after Z", () => {
    const refIds = queryInputs(
      Array.from({ length: 28 }, () => ({})),
      defaults,
    ).map(({ refId }) => refId);
    expect(refIds.slice(24)).toEqual(["Y", "Z", "AA", "AB"]);
  });

  it.each([
    ["text", /the query must be a JSON object/],
    [null, /the query must be a JSON object/],
    [[], /empty array/],
    [[{}, 3], /query 2 must be a JSON object/],
    [{ refId: 3 }, /refId must be a text/],
    [[{ refId: "A" }, { refId: "A" }], /two queries have the refId "A"/],
    [{ maxDataPoints: "9" }, /query A: maxDataPoints must be a whole number above 0/],
    [{ intervalMs: 0.5 }, /query A: intervalMs must be/],
    [{ queryType: {} }, /query A: queryType must be a text/],
  ])("refuses %j", (json, message) => {
    expect(() => queryInputs(json, defaults)).toThrow(message);
  });
});
