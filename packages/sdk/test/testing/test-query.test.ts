import { frame } from "@framewright/data";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineDataSource } from "../../src/index.js";
import { testDataSource } from "../../src/testing/index.js";
import { collect } from "../helpers.js";
import { weather } from "./weather.js";

describe("a query's JSON", () => {
  it("has the JSON that a panel sends, and takes from it what Grafana does", async () => {
    const seen: unknown[] = [];
    const plugin = defineDataSource({
      pluginId: "acme-a-datasource",
      query(query, { queryType, intervalMs, maxDataPoints }) {
        seen.push([query, { queryType, intervalMs, maxDataPoints }]);
        return frame("f", {});
      },
    });
    await using client = testDataSource(plugin, { uid: "u" });
    const added = { refId: "A", datasource: { type: "acme-a-datasource", uid: "u" }, datasourceId: 1 };
    const saved = { queryType: "t", intervalMs: 5, maxDataPoints: 7 };
    const given = { queryType: "g", intervalMs: 2, maxDataPoints: 3 };
    const standard = { intervalMs: 21_600, maxDataPoints: 1_000 };
    await client.query({ city: "Bern" });
    await client.query({ city: "Bern", ...saved, datasource: { uid: "other" } });
    await client.query({ city: "Bern", ...saved }, given);
    await client.query({ city: "Bern", queryType: 1, intervalMs: "5", maxDataPoints: 0 });
    await client.query("text");
    expect(seen).toEqual([
      [
        { city: "Bern", ...added, ...standard },
        { queryType: "", ...standard },
      ],
      [{ city: "Bern", ...added, ...saved, datasource: { uid: "other" } }, saved],
      [{ city: "Bern", ...added, ...given }, given],
      [
        { city: "Bern", queryType: 1, ...added, ...standard },
        { queryType: "", ...standard },
      ],
      ["text", { queryType: "", ...standard }],
    ]);
  });

  it("finds a schema that refuses what panels send", async () => {
    const plugin = defineDataSource({
      pluginId: "p",
      schema: { query: z.strictObject({ refId: z.string(), city: z.string() }) },
      query: () => frame("f", {}),
    });
    await using client = testDataSource(plugin);
    expect(await client.query({ city: "Bern" })).toMatchObject({
      status: 400,
      error: expect.stringMatching(/"datasource"/),
    });
  });

  it("finds the query type that stands in the JSON", async () => {
    await using client = testDataSource(weather);
    expect((await client.query({ pieces: 2, queryType: "pieces" })).frame.length).toBe(2);
    expect(await collect(client.queryChunked({ pieces: 3, queryType: "pieces" }))).toHaveLength(3);
  });
});
