import { type Frame, frame, numbers } from "@framewright/data";
import type { QueryResult } from "@framewright/host";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { printAnswer } from "../src/ask/print-answer.js";

let printed: string;

beforeEach(() => {
  printed = "";
  vi.spyOn(console, "log").mockImplementation((line) => {
    printed += `${String(line)}\n`;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const context = { pluginId: "p", dataSource: { uid: "a", name: "A" } };
const timeRange = { from: new Date("2026-11-24T04:00:00Z"), to: new Date("2026-11-24T10:00:00Z") };
const noRows =
  "no rows; if the query uses the time range, it was 2026-11-24T04:00:00.000Z to 2026-11-24T10:00:00.000Z; --from and --to give another\n";
const empty = frame("empty", { n: numbers([]) });
const full = frame("full", { n: numbers([1]) });

function print(results: Readonly<Record<string, QueryResult>>): string {
  const queries = Object.keys(results).map((refId) => ({ refId, json: {}, timeRange }));
  printAnswer({ context, queries }, new Map(Object.entries(results)), { rows: 10, chart: false });
  return printed;
}

function answered(...frames: Frame[]): QueryResult {
  return { status: 200, frames, error: undefined, errorSource: undefined };
}

describe("an answer without rows", () => {
  it("says which time range it is of", () => {
    expect(print({ A: answered(empty) })).toMatch(new RegExp(`\n0 rows\n${noRows}$`));
  });

  it("says so once, however many frames there are, and not where there are none", () => {
    expect(print({ A: answered(empty, empty) }).split(noRows)).toHaveLength(2);
    expect(print({ A: answered() })).toMatch(/\nA: no frames\n$/);
  });

  it("says so of the query it belongs to alone", () => {
    const text = print({ A: answered(full), B: answered(empty), C: answered(empty, full) });
    expect(text.split(noRows)).toHaveLength(2);
    expect(text.indexOf(noRows)).toBeGreaterThan(text.indexOf("empty"));
    expect(text.indexOf(noRows)).toBeLessThan(text.lastIndexOf("full"));
  });

  it("is not an error", () => {
    expect(print({ A: { status: 404, frames: [], error: "no such file", errorSource: "downstream" } })).not.toContain(
      "no rows",
    );
  });
});
