import { describe, expect, it } from "vitest";
import { renderChart } from "../src/chart.js";
import type { Series } from "../src/series.js";

const minute = 60_000;

function series(label: string, values: readonly number[]): Series {
  return {
    label,
    times: Float64Array.from(values, (_, i) => i * minute),
    values: Float64Array.from(values),
  };
}

describe("a chart", () => {
  it("draws one series in Braille, broken where there is no value", () => {
    expect(renderChart([series("x", [1, 3, Number.NaN, 2, 1])], { width: 46, height: 6, color: false })).toEqual([
      "3 ┤         ⡠⠊",
      "  │       ⢀⠎",
      "2 ┤     ⢀⠔⠁                       ⡀",
      "  │   ⢀⠔⠁                         ⠈⠑⠢⢄",
      "  │  ⡰⠁                               ⠉⠒⠤⡀",
      "1 ┤⡠⠊                                    ⠈⠑⠢⢄",
      "  └┬─────────┬──────────┬─────────┬─────────┬",
      "   00:00   00:01      00:02     00:03   00:04",
      "   1970-01-01 00:00 to 1970-01-01 00:04 UTC",
      "   ━━ x",
    ]);
  });

  it("draws several without colours by a character each", () => {
    const two = [series("a", [1, 3, 2, 5]), series("b", [5, 4, 3, 2])];
    expect(renderChart(two, { width: 40, height: 7, color: false })).toEqual([
      "6 ┤",
      "  │oooooo                            **",
      "4 ┤      oooooooooooo            ****",
      "  │          ********ooooooooooo*",
      "2 ┤    ******        ********   ooooooo",
      "  │****",
      "0 ┤",
      "  └┬───────────┬──────────┬───────────┬",
      "   00:00     00:01      00:02     00:03",
      "   1970-01-01 00:00 to 1970-01-01 00:03 UTC",
      "   * a   o b",
    ]);
  });

  it("draws several in colours", () => {
    const lines = renderChart([series("a", [1, 3]), series("b", [5, 4])], { width: 30, height: 4, color: true });
    expect(lines[0]).toBe("5 ┤\x1b[33m⠉⠉⠉⠉⠑⠒⠒⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀\x1b[39m");
    expect(lines.at(-1)).toBe("   \x1b[36m━━\x1b[39m a   \x1b[33m━━\x1b[39m b");
  });

  it("keeps a peak of one point in a hundred thousand", () => {
    const values = new Float64Array(100_000);
    values[54_321] = 10;
    const times = Float64Array.from(values, (_, i) => i * 1000);
    const lines = renderChart([{ label: "p", times, values }], { width: 60, height: 5, color: false });
    expect(lines[0]).toMatch(/^10 ┤ +[⠀-⣿]$/);
  });

  it("puts a single point in the middle", () => {
    const lines = renderChart([series("x", [7])], { width: 30, height: 5, color: false });
    expect(lines.slice(0, 5)).toEqual(["8 ┤", "  │", "  │             ⠂", "  │", "6 ┤"]);
    expect(lines[7]).toBe("   1970-01-01 UTC");
  });

  it("draws nothing where there is no value", () => {
    expect(
      renderChart([series("x", [Number.NaN, Number.POSITIVE_INFINITY])], { width: 40, height: 5, color: false }),
    ).toEqual([]);
    expect(renderChart([], { width: 40, height: 5, color: false })).toEqual([]);
  });

  it("fits into its width", () => {
    const values = Array.from({ length: 500 }, (_, i) => Math.sin(i) * 1e6);
    for (const width of [60, 77, 120]) {
      const lines = renderChart([series("x", values)], { width, height: 8, color: false });
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    }
  });
});
