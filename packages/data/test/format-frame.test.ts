import { describe, expect, test } from "vitest";
import { booleans, fieldOf, formatFrame, frame, integers, json, numbers, strings, times } from "../src/index.js";

describe("formatFrame", () => {
  test("shows names, types, units and labels above aligned rows", () => {
    const made = frame(
      "temperature",
      {
        time: times([0, null]),
        value: numbers([21.5, -0], { unit: "celsius", labels: { city: "Bern", area: "north" } }),
        id: integers([2n ** 53n + 1n, -1], { nullable: false }),
        note: strings(["ok", null]),
        wet: booleans([true, false]),
      },
      { refId: "A" },
    );
    expect(formatFrame(made)).toBe(
      [
        "temperature (A)",
        " time                 │                   value │               id │ note    │ wet",
        " time?                │      float64? [celsius] │            int64 │ string? │ boolean?",
        "                      │ {area=north, city=Bern} │                  │         │",
        "──────────────────────┼─────────────────────────┼──────────────────┼─────────┼──────────",
        " 1970-01-01T00:00:00Z │                    21.5 │ 9007199254740993 │ ok      │ true",
        " null                 │                      -0 │               -1 │ null    │ false",
        "2 rows",
      ].join("\n"),
    );
  });

  test.each([
    [[0n, 1_000_000_000n], "1970-01-01T00:00:01Z"],
    [[1_000_000n, 1_000_000_000n], "1970-01-01T00:00:01.000Z"],
    [[1_000n, 1_000_000_000n], "1970-01-01T00:00:01.000000Z"],
    [[1n, 1_000_000_000n], "1970-01-01T00:00:01.000000000Z"],
    [[0n, -1n], "1969-12-31T23:59:59.999999999Z"],
  ])("gives times the digits that the most precise one needs (%#)", (values, last) => {
    expect(cells(formatFrame(frame("f", { t: times(values) })), 1).at(-1)).toBe(last);
  });

  test("shows values of the other types as a person means them", () => {
    const made = frame("f", {
      f: fieldOf("float32", [0.1, 16_777_217, Number.NaN, -0]),
      j: json([{ a: [1, "|"] }, "two\nlines", null, [undefined]]),
      e: fieldOf("enum", [0, 1, 2, null], { type: { enum: { text: ["ok", "failed"] } } }),
      u: fieldOf("uint64", [18446744073709551615n, 0, null, 1]),
      i: integers(Int8Array.of(-128, 127, 0, 1)),
    });
    expect(formatFrame(made).split("\n").slice(1)).toEqual([
      "        f │ j             │ e      │                    u │     i",
      " float32? │ json?         │ enum?  │              uint64? │ int8?",
      "──────────┼───────────────┼────────┼──────────────────────┼───────",
      '      0.1 │ {"a":[1,"|"]} │ ok     │ 18446744073709551615 │  -128',
      ' 16777216 │ "two\\nlines"  │ failed │                    0 │   127',
      "      NaN │ null          │ 2      │                 null │     0",
      "       -0 │ [null]        │ null   │                    1 │     1",
      "4 rows",
    ]);
  });

  test("shows the first and last rows of many, and counts the others", () => {
    const made = frame("f", { n: integers(Array.from({ length: 1234 }, (_, i) => i)) });
    const lines = formatFrame(made, { maxRows: 5 }).split("\n");
    expect(lines.slice(4)).toEqual([
      "      0",
      "      1",
      "      2",
      " ⋮ 1,229 more rows",
      "   1232",
      "   1233",
      "1,234 rows",
    ]);
    expect(formatFrame(made, { maxRows: 1 }).split("\n").slice(4)).toEqual([
      "      0",
      " ⋮ 1,233 more rows",
      "1,234 rows",
    ]);
    expect(formatFrame(made, { maxRows: 1234 })).not.toContain("more");
  });

  test("aligns characters that are two columns wide or none", () => {
    const made = frame("f", {
      s: strings(["日本語", "e\u0301", "👩‍👩‍👧", "한글", "ＡＢ", "❤️", "abcdefgh"]),
      n: integers([1, 1, 1, 1, 1, 1, 1]),
    });
    expect(formatFrame(made).split("\n").slice(4, -1)).toEqual([
      " 日本語   │      1",
      " e\u0301        │      1",
      " 👩‍👩‍👧       │      1",
      " 한글     │      1",
      " ＡＢ     │      1",
      " ❤️       │      1",
      " abcdefgh │      1",
    ]);
  });

  test("cuts long texts between characters", () => {
    const made = frame("f", { s: strings(["abcdefghij", "日本語日本語", "short"]) });
    expect(cells(formatFrame(made, { maxCellWidth: 8 }), 3)).toEqual(["abcdefg…", "日本語…", "short"]);
  });

  test("keeps control characters of a text away from the terminal", () => {
    const made = frame("a\nb", { "s\t": strings(["x\ny", "\u001b[31mred", "\u009b1m"]) });
    const shown = formatFrame(made);
    expect(cells(shown, 3)).toEqual(["x\\ny", "\\u001b[31mred", "\\u009b1m"]);
    expect(shown.split("\n").slice(0, 2)).toEqual(["a\\nb", " s\\t"]);
  });

  test("leaves out fields that do not fit, and says how many", () => {
    const fields = ["a", "b", "c", "d"].map((name) => numbers([1], { name }));
    const shown = formatFrame(frame("f", fields), { maxWidth: 22 });
    expect(shown.split("\n")[1]).toBe("        a │        b");
    expect(shown.endsWith("1 row, 2 fields not shown")).toBe(true);
  });

  test("draws with ASCII where asked to", () => {
    const shown = formatFrame(frame("f", { a: integers([1, 2, 3]), b: integers([1, 2, 3]) }), {
      lines: "ascii",
      maxRows: 2,
    });
    expect(shown.split("\n").slice(3)).toEqual([
      "--------+--------",
      "      1 |      1",
      " ... 1 more row",
      "      3 |      3",
      "3 rows",
    ]);
  });

  test("shows frames without rows, without fields and without a name", () => {
    expect(formatFrame(frame("f", { a: numbers([]) }))).toBe("f\n        a\n float64?\n──────────\n0 rows");
    expect(formatFrame(frame("", []))).toBe("(unnamed frame)\n0 rows");
  });
});

/** The last `count` rows of the first field, without the line below them. */
function cells(shown: string, count: number): string[] {
  return shown
    .split("\n")
    .slice(-1 - count, -1)
    .map((line) => line.trim());
}
