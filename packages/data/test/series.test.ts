import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  booleans,
  type Frame,
  FrameError,
  fieldOf,
  frame,
  integers,
  longToWide,
  numbers,
  type Reducer,
  resample,
  sortByTime,
  strings,
  times,
  toMulti,
  type Value,
  valuesOf,
  wideToLong,
} from "../src/index.js";

/** Fields as name, labels and values. */
function rowsOf({ fields }: Frame): [string, object | undefined, Value[]][] {
  return fields.map((field) => [field.name, field.labels, [...valuesOf(field)]]);
}

const ms = (...values: number[]) => values.map((value) => BigInt(value) * 1_000_000n);

const long = frame(
  "cpu",
  {
    time: times([0, 0, 1, 2, 2], { nullable: false }),
    host: strings(["a", "b", "a", "b", "b"]),
    load: numbers([1, 2, 3, 4, 5], { unit: "percent" }),
  },
  { refId: "A", meta: { executedQueryString: "SELECT" } },
);

describe("longToWide", () => {
  test("makes a field of each series, leaves gaps, and keeps refId, meta and config", () => {
    const wide = longToWide(long);
    expect(rowsOf(wide)).toEqual([
      ["time", undefined, ms(0, 1, 2)],
      ["load", { host: "a" }, [1, 3, null]],
      ["load", { host: "b" }, [2, null, 5]],
    ]);
    expect(wide).toMatchObject({
      name: "cpu",
      refId: "A",
      meta: { executedQueryString: "SELECT", type: "timeseries-wide", typeVersion: [0, 1] },
    });
    expect(wide.fields.map(({ nullable }) => nullable)).toEqual([false, true, true]);
    expect(wide.fields[1]?.config).toEqual({ unit: "percent" });
  });

  test("fills gaps with the value before, or with a number of the field's own type", () => {
    expect(rowsOf(longToWide(long, { fill: "previous" })).slice(1)).toEqual([
      ["load", { host: "a" }, [1, 3, 3]],
      ["load", { host: "b" }, [2, 2, 5]],
    ]);
    const counts = frame("n", {
      time: times([0, 1]),
      host: strings(["a", "b"]),
      n: fieldOf("uint8", [1, 2], { nullable: false }),
    });
    const filled = longToWide(counts, { fill: { value: 7.9 } });
    expect(rowsOf(filled).slice(1)).toEqual([
      ["n", { host: "a" }, [1, 7]],
      ["n", { host: "b" }, [7, 2]],
    ]);
    expect(filled.fields[1]?.nullable).toBe(false);
    expect(() => longToWide(counts, { fill: { value: 256 } })).toThrow(
      new FrameError("the fill value 256 does not fit uint8", { field: "n" }),
    );
  });

  test.each<[string, Frame, RegExp]>([
    [
      "rows out of order",
      frame("f", { time: times([1, 0]), host: strings(["a", "a"]), v: numbers([1, 2]) }),
      /^field "time", row 1: the time is before that of the row above/,
    ],
    [
      "a row without a time",
      frame("f", { time: times([0, null]), host: strings(["a", "a"]), v: numbers([1, 2]) }),
      /^field "time", row 1: has no time/,
    ],
    ["no rows", frame("f", { time: times([]), host: strings([]), v: numbers([]) }), /^there are no rows/],
    ["no texts", frame("f", { time: times([0]), v: numbers([1]) }), /is a wide time series/],
    ["no time", frame("f", { host: strings(["a"]), v: numbers([1]) }), /it has no time field/],
    ["no values", frame("f", { time: times([0]), host: strings(["a"]) }), /no field of values/],
    [
      "two texts of one name",
      frame("f", [
        times([0], { name: "time" }),
        strings(["a"], { name: "host" }),
        booleans([true], { name: "host" }),
        numbers([1]),
      ]),
      /^field "host": two fields that tell series apart have the same name/,
    ],
  ])("says what is wrong with %s", (_, wrong, message) => {
    expect(() => longToWide(wrong)).toThrow(FrameError);
    expect(() => longToWide(wrong)).toThrow(message);
  });

  test("drops what names fields by their place", () => {
    const named = frame("f", long.fields, { meta: { uniqueRowIdFields: [0, 1], custom: 1 } });
    for (const { meta } of [longToWide(named), wideToLong(longToWide(named)), ...toMulti(named)]) {
      expect(meta).toMatchObject({ custom: 1 });
      expect(meta).not.toHaveProperty("uniqueRowIdFields");
    }
  });

  test("refuses what would become far larger than it was", () => {
    const count = 20_000;
    const rows = Array.from({ length: count }, (_, i) => i);
    const sparse = frame("f", { time: times(rows), id: strings(rows.map(String)), v: numbers(rows) });
    expect(() => longToWide(sparse)).toThrow(/would become a frame of 400000000 values, most of them gaps/);
  });

  test("comes back from wideToLong with every value it had", () => {
    const rows = fc.array(fc.record({ time: fc.nat(9), host: fc.constantFrom("a", "b", "ü"), value: fc.double() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(rows, (given) => {
        const sorted = [...given].sort((a, b) => a.time - b.time);
        const made = frame("f", {
          time: times(sorted.map(({ time }) => time)),
          value: numbers(sorted.map(({ value }) => value)),
          host: strings(sorted.map(({ host }) => host)),
        });
        const again = wideToLong(longToWide(made));
        const last = new Map(sorted.map(({ time, host, value }) => [`${time} ${host}`, value]));
        const [, values, hosts] = again.fields.map((field) => [...valuesOf(field)]);
        const times2 = [...valuesOf(again.fields[0] ?? numbers([]))];
        const found = new Map<string, Value>();
        times2.forEach((time, row) => {
          if (values?.[row] !== null) found.set(`${Number(time) / 1e6} ${hosts?.[row]}`, values?.[row] ?? null);
        });
        expect(found).toEqual(last);
      }),
      { numRuns: 200 },
    );
  });
});

describe("wideToLong", () => {
  test("names the field that has two types", () => {
    const mixed = frame("f", [
      times([0], { name: "time" }),
      numbers([1], { name: "v" }),
      integers([1], { name: "v", labels: { host: "a" } }),
    ]);
    expect(() => wideToLong(mixed)).toThrow(
      /^field "v": two value fields have this name, one of type float64, nullable and one of int64, nullable/,
    );
  });
});

test("wideToLong refuses what would become far larger than it was", () => {
  const values = Array.from({ length: 1_500 }, (_, i) =>
    numbers(new Float64Array(100), { name: `v${i}`, labels: { id: `${i}` } }),
  );
  const wide = frame("f", [times(new BigInt64Array(100), { name: "time" }), ...values]);
  expect(() => wideToLong(wide)).toThrow(/would become a frame of 225300000 values, most of them gaps; toMulti/);
});

describe("toMulti", () => {
  test("gives each series of a long frame its own times", () => {
    const multi = toMulti(long);
    expect(multi.map(rowsOf)).toEqual([
      [
        ["time", undefined, ms(0, 1)],
        ["load", { host: "a" }, [1, 3]],
      ],
      [
        ["time", undefined, ms(0, 2, 2)],
        ["load", { host: "b" }, [2, 4, 5]],
      ],
    ]);
    expect(multi[1]).toMatchObject({ refId: "A", meta: { type: "timeseries-multi", typeVersion: [0, 1] } });
  });

  test("splits a wide frame without a copy", () => {
    const wide = longToWide(long);
    const multi = toMulti(wide);
    expect(multi).toHaveLength(2);
    expect(multi[1]?.fields[1]?.column).toBe(wide.fields[2]?.column);
  });
});

describe("sortByTime", () => {
  test("keeps the order of equal times, and a sorted frame as it is", () => {
    const mixed = frame("f", {
      time: times([2, 1, 2, 0]),
      v: numbers([1, 2, 3, 4]),
      s: strings(["a", "b", null, "d"]),
    });
    const sorted = sortByTime(mixed);
    expect(rowsOf(sorted).map(([, , values]) => values)).toEqual([ms(0, 1, 2, 2), [4, 2, 1, 3], ["d", "b", "a", null]]);
    expect(sortByTime(sorted)).toBe(sorted);
  });

  test("sorts whatever has a time, log lines too", () => {
    const lines = frame("f", { time: times([2, 1]), body: strings(["second", "first"]) });
    expect(rowsOf(sortByTime(lines))[1]?.[2]).toEqual(["first", "second"]);
  });

  test("says which row has no time", () => {
    expect(() => sortByTime(frame("f", { time: times([1, null]), v: numbers([1, 2]) }))).toThrow(/row 1: has no time/);
  });
});

describe("resample", () => {
  const series = frame("f", {
    time: times([0, 1, 2, 3, 9, 10]),
    v: numbers([5, 1, null, 4, Number.NaN, 7]),
    n: integers([5, 1, null, 4, 9, 7]),
    host: strings(["a", "b", "c", "d", "e", "f"]),
  });
  const at = { from: 0, to: 12, interval: 3 };
  const wide = frame("f", series.fields.slice(0, 3));

  test.each<[Reducer, Value[], Value[]]>([
    ["last", [5, 4, null, Number.NaN, 7], [5n, 4n, null, 9n, 7n]],
    ["first", [5, 1, null, Number.NaN, 7], [5n, 1n, null, 9n, 7n]],
    ["min", [5, 1, null, Number.NaN, 7], [5n, 1n, null, 9n, 7n]],
    ["max", [5, 4, null, Number.NaN, 7], [5n, 4n, null, 9n, 7n]],
    ["sum", [5, 5, null, Number.NaN, 7], [5, 5, null, 9, 7]],
    ["mean", [5, 2.5, null, Number.NaN, 7], [5, 2.5, null, 9, 7]],
    ["median", [5, 2.5, null, Number.NaN, 7], [5, 2.5, null, 9, 7]],
    ["count", [1n, 2n, 0n, 1n, 1n], [1n, 2n, 0n, 1n, 1n]],
  ])("%s of the values in each step", (reducer, v, n) => {
    expect(rowsOf(resample(wide, { ...at, reducer }))).toEqual([
      ["time", undefined, ms(0, 3, 6, 9, 12)],
      ["v", undefined, v],
      ["n", undefined, n],
    ]);
  });

  test("gives texts the last row up to each time, and refuses to mix their series", () => {
    expect(rowsOf(resample(series, at))[3]).toEqual(["host", undefined, ["a", "d", "d", "e", "f"]]);
    expect(() => resample(series, { ...at, reducer: "sum" })).toThrow(/the sum would mix the series of a long frame/);
  });

  test("takes the least and greatest value past NaN", () => {
    const noisy = frame("f", { time: times([1, 2, 3]), v: numbers([Number.NaN, 2, 1]) });
    const of = (reducer: Reducer) =>
      rowsOf(resample(noisy, { from: 3, to: 3, interval: 3, reducer })).map(([, , values]) => values)[1];
    expect([of("min"), of("max")]).toEqual([[1], [2]]);
  });

  test.each<[Reducer, Value]>([
    ["last", 4n],
    ["mean", 4],
  ])("repeats what was before the first step, with %s", (reducer, expected) => {
    const early = resample(wide, { from: 6, to: 6, interval: 1, fill: "previous", reducer });
    expect(rowsOf(early)[2]?.[2]).toEqual([expected]);
  });

  test.each([
    [{ ...at, interval: -1 }, /^interval: -1 is less than nothing/],
    [{ ...at, to: -1 }, /^to: is before from/],
    [{ ...at, to: 1e12, interval: 1n }, /^interval: from and to are 1000000000000000001 steps apart/],
    [{ ...at, from: Number.NaN }, /^from: NaN is no time/],
  ])("refuses steps that make no sense (%#)", (options, message) => {
    expect(() => resample(series, options)).toThrow(FrameError);
    expect(() => resample(series, options)).toThrow(message);
  });
});
