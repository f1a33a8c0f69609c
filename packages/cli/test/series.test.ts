import { frame, integers, numbers, strings, times } from "@framewright/data";
import { describe, expect, it } from "vitest";
import { seriesOf } from "../src/series.js";

const labelsOf = (made: ReturnType<typeof seriesOf>): string[] => made.series.map(({ label }) => label);

describe("the series of a frame", () => {
  it("are its number fields over its first time field", () => {
    const wide = frame("f", {
      time: times([0, 1000, 2000]),
      note: strings(["a", "b", "a"]),
      warm: numbers([1, null, 3], { unit: "celsius", labels: { host: "a" } }),
      count: integers([1n, 2n, 3n], { displayName: "Count" }),
    });
    const made = seriesOf(wide, 8);
    expect(labelsOf(made)).toEqual(["warm {host=a} (celsius)", "Count"]);
    expect([...(made.series[0]?.times ?? [])]).toEqual([0, 1000, 2000]);
    expect([...(made.series[0]?.values ?? [])]).toEqual([1, Number.NaN, 3]);
    expect([...(made.series[1]?.values ?? [])]).toEqual([1, 2, 3]);
  });

  it("are told apart by texts where times repeat", () => {
    const long = frame("f", {
      symbol: strings(["A", "A", "B", "B"]),
      date: times([0, 1000, 0, 1000]),
      price: numbers([1, 2, 3, 4]),
    });
    const made = seriesOf(long, 8);
    expect(labelsOf(made)).toEqual(["price {symbol=A}", "price {symbol=B}"]);
    expect([...(made.series[1]?.values ?? [])]).toEqual([3, 4]);
  });

  it("stay one where the newest row is first", () => {
    const newestFirst = frame("f", { t: times([2000, 1000]), s: strings(["a", "b"]), v: numbers([1, 2]) });
    expect(labelsOf(seriesOf(newestFirst, 8))).toEqual(["v"]);
  });

  it("are counted where there are too many", () => {
    const many = frame("f", { t: times([0]), a: numbers([1]), b: numbers([1]), c: numbers([1]) });
    expect(seriesOf(many, 2)).toMatchObject({ omitted: 1 });
    expect(labelsOf(seriesOf(many, 2))).toEqual(["a", "b"]);
  });

  it("need a time, a number and a row", () => {
    expect(seriesOf(frame("f", { a: numbers([1]) }), 8).series).toEqual([]);
    expect(seriesOf(frame("f", { t: times([0]), s: strings(["a"]) }), 8).series).toEqual([]);
    expect(seriesOf(frame("f", { t: times([]), a: numbers([]) }), 8).series).toEqual([]);
  });
});
