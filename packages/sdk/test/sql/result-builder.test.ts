import { FrameError, valuesOf } from "@framewright/data";
import { describe, expect, test } from "vitest";
import { DownstreamError } from "../../src/errors.js";
import { CellReport, int64, RowCounter, resultBuilder, rowLimit, text, timestamp } from "../../src/sql/index.js";

const columns = [
  { name: "n", type: int64 },
  { name: "n", type: text },
];

describe("resultBuilder", () => {
  test("takes rows, and cells one by one", () => {
    const result = resultBuilder(columns);
    expect(result.appendRow([1n, "a"])).toBe(true);
    expect(result.appendRow([2])).toBe(true);
    expect(result.startRow()).toBe(true);
    result.cells[0]?.appendText("3");
    result.cells[1]?.appendNull();
    const made = result.finish({ name: "r", meta: { executedQueryString: "SELECT" } });
    expect(made).toMatchObject({ name: "r", length: 3, meta: { executedQueryString: "SELECT" } });
    expect(made.meta).not.toHaveProperty("notices");
    expect(made.fields.map((field) => [field.name, field.nullable, [...valuesOf(field)]])).toEqual([
      ["n", true, [1n, 2n, 3n]],
      ["n", true, ["a", null, null]],
    ]);
  });

  test("says what could not be shown, behind what there was to say already", () => {
    const result = resultBuilder([{ name: "t", type: timestamp }]);
    result.appendRow(["infinity"]);
    const { meta } = result.finish({ meta: { notices: [{ severity: "info", text: "hello" }] } });
    expect(meta?.notices).toEqual([
      { severity: "info", text: "hello" },
      {
        severity: "warning",
        text: 'column "t": 1 value does not fit time and is left empty, first "infinity" in row 1',
      },
    ]);
  });

  test("pieces count rows and problems from the start of the result", () => {
    const reports = [new CellReport(), new CellReport()];
    const texts = [["1"], ["2", "x"], ["y", "4"]].map((cells) => {
      const result = resultBuilder(columns, undefined, { reports });
      for (const cell of cells) {
        result.appendRow([cell, "a"]);
      }
      return result.finish().meta?.notices?.map(({ text: told }) => told);
    });
    expect(texts).toEqual([
      undefined,
      ['column "n": 1 value does not fit int64 and is left empty, first "x" in row 3'],
      ['column "n": 2 values do not fit int64 and are left empty, first "x" in row 3'],
    ]);
  });

  test("stops at the limit, and says so only where there was more", () => {
    const counter = new RowCounter(2);
    const result = resultBuilder(columns, counter);
    expect([result.appendRow([1]), result.appendRow([2])]).toEqual([true, true]);
    expect(counter.exceeded).toBe(false);
    expect(counter.notices()).toEqual([]);
    expect([result.appendRow([3]), result.startRow()]).toEqual([false, false]);
    const made = result.finish();
    expect(made.length).toBe(2);
    expect(made.meta?.notices).toEqual([
      { severity: "warning", text: "Results have been limited to 2 because the SQL row limit was reached" },
    ]);
    expect(counter).toMatchObject({ rows: 2, limit: 2, exceeded: true });
  });

  test("a limit goes on over several results", () => {
    const counter = new RowCounter(3);
    const first = resultBuilder(columns, counter);
    const second = resultBuilder(columns, counter);
    first.appendRow([1]);
    first.appendRow([2]);
    expect([second.appendRow([3]), second.appendRow([4])]).toEqual([true, false]);
  });

  test("a cell too many is an error", () => {
    const result = resultBuilder(columns);
    result.appendRow([1, "a"]);
    result.cells[0]?.append(2);
    expect(() => result.finish()).toThrow(FrameError);
  });
});

describe("rowLimit", () => {
  test.each([
    [undefined, undefined, 1_000_000],
    [0, undefined, 1_000_000],
    [-1, undefined, 1_000_000],
    [Number.NaN, undefined, 1_000_000],
    [500, undefined, 500],
    [500, 100, 100],
    [500, 1_000, 500],
    [undefined, 2_000_000, 1_000_000],
  ])("Grafana %s, own %s: %d", (grafana, own, limit) => {
    expect(rowLimit(grafana, own)).toBe(limit);
  });

  test.each([0, -1, 1.5, Number.NaN])("own %d is an error", (own) => {
    expect(() => rowLimit(1_000, own)).toThrow(
      new DownstreamError(`the row limit must be a whole number above 0, and ${own} is not`, { status: 400 }),
    );
  });
});
