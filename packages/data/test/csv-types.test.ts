import { describe, expect, it } from "vitest";
import type { CsvType } from "../src/csv/csv-type.js";
import { CsvError } from "../src/csv/index.js";
import { read, readColumn } from "./csv-support.js";

describe("types found over the whole column", () => {
  it.each([
    ["numbers", ["1", "-2.5", "+3", ".5", "4.", "1e-3", "2E+2"], "float64", [1, -2.5, 3, 0.5, 4, 0.001, 200]],
    ["numbers with spaces around", [" 1", "2 ", "\t3 "], "float64", [1, 2, 3]],
    ["quoted numbers", ['"1"', '"2"'], "float64", [1, 2]],
    ["numbers and the word NaN", ["1", "NaN"], "float64", [1, Number.NaN]],
    ["the word NaN alone", ["NaN", ""], "string", ["NaN", null]],
    ["NaN in other letters", ["1", "nan"], "string", ["1", "nan"]],
    ["infinities", ["1", "Infinity"], "string", ["1", "Infinity"]],
    ["a number too large for a double", ["1", "1e999"], "string", ["1", "1e999"]],
    ["hexadecimal", ["0x10"], "string", ["0x10"]],
    ["thousands separators", ['"1,000"'], "string", ["1,000"]],
    ["a sign alone", ["1", "-"], "string", ["1", "-"]],
    ["a point alone", ["1", "."], "string", ["1", "."]],
    ["an exponent without digits", ["1e"], "string", ["1e"]],
    ["codes with leading zeros", ["00501", "10001"], "string", ["00501", "10001"]],
    ["zeros that are numbers", ["0", "0.5", "-0.25", "0e0"], "float64", [0, 0.5, -0.25, 0]],
    ["whole numbers up to 2^53 - 1", ["9007199254740991", "-9007199254740991"], "float64", [2 ** 53 - 1, 1 - 2 ** 53]],
    ["whole numbers from 2^53", ["9007199254740992", "1"], "int64", [9007199254740992n, 1n]],
    [
      "whole numbers to the ends of 64 bits",
      ["9223372036854775807", "-9223372036854775808", "-1", "", "+5", "-1000000000"],
      "int64",
      [9223372036854775807n, -9223372036854775808n, -1n, null, 5n, -1000000000n],
    ],
    ["whole numbers beyond 64 bits", ["9223372036854775808", "1"], "string", ["9223372036854775808", "1"]],
    ["large whole numbers among fractions", ["18446744073709551616", "0.5"], "float64", [2 ** 64, 0.5]],
    ["truth values in any letters", ["true", "FALSE", "True", ""], "boolean", [true, false, true, null]],
    ["truth values and something else", ["true", "yes"], "string", ["true", "yes"]],
    ["truth values and numbers", ["true", "1"], "string", ["true", "1"]],
    ["dates", ["2012-01-01", "2012-02-29"], "time", [1325376000000000000n, 1330473600000000000n]],
    ["dates and a day that does not exist", ["2012-01-01", "2013-02-29"], "string", ["2012-01-01", "2013-02-29"]],
    ["dates and numbers", ["2012-01-01", "2012"], "string", ["2012-01-01", "2012"]],
    ["dates beyond 64-bit nanoseconds", ["9999-12-31"], "string", ["9999-12-31"]],
    ["months by name", ["Jan 1 2000", "Feb 29 2000"], "time", [946684800000000000n, 951782400000000000n]],
    ["text", ["x", "1"], "string", ["x", "1"]],
    ["nothing but empty cells", ["", '""'], "string", [null, null]],
    ["spaces alone", ["1", " "], "string", ["1", " "]],
  ])("%s", async (_, cells, type, values) => {
    expect(await readColumn(cells)).toEqual({ type, values });
  });

  it("takes empty cells for null in every type, quoted or not", async () => {
    const { types, rows } = await read('t,n,i,b,s\n2024-01-01,1.5,9007199254740993,true,x\n,,,,\n"","","","",""\n');
    expect(types).toEqual(["time", "float64", "int64", "boolean", "string"]);
    expect(rows.slice(1)).toEqual([Array(5).fill(null), Array(5).fill(null)]);
  });

  it("looks at the last cell too", async () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => `${i}`);
    expect((await readColumn([...numbers, "0.5"])).type).toBe("float64");
    expect((await readColumn([...numbers, "n/a"])).type).toBe("string");
    expect((await readColumn([...numbers, "9007199254740993"])).type).toBe("int64");
  });
});

describe("chosen types", () => {
  it.each<[CsvType, string[], unknown[]]>([
    ["string", ["1", "2024-01-01", '"a ""b"""'], ["1", "2024-01-01", 'a "b"']],
    ["float64", ["007", "9007199254740993", "NaN", ""], [7, 9007199254740992, Number.NaN, null]],
    ["int64", ["007", "-5"], [7n, -5n]],
    ["time", ["2024-01-01"], [1704067200000000000n]],
    ["boolean", ["", ""], [null, null]],
  ])("reads as %s what fits", async (type, cells, values) => {
    expect(await readColumn(cells, { types: { c: type } })).toEqual({ type, values });
  });

  it.each<[CsvType, string, string]>([
    ["float64", "1,5", '"1,5"'],
    ["float64", "n/a", "n/a"],
    ["int64", "1.5", "1.5"],
    ["int64", "9223372036854775808", "9223372036854775808"],
    ["boolean", "1", "1"],
    ["time", "2023-02-29", "2023-02-29"],
    ["time", 'say "when"', '"say ""when"""'],
  ])("names line and column of what is no %s: %s", async (type, text, cell) => {
    const error: unknown = await read(`x,c\n"\n",\n1,${cell}\n`, { types: { c: type } }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CsvError);
    expect(error).toMatchObject({ line: 4, column: "c", message: `line 4, column "c": "${text}" is no ${type}` });
  });

  it("quotes only the start of a long cell", async () => {
    const failure = read(`c\n${"x".repeat(1000)}\n`, { types: { c: "time" } });
    await expect(failure).rejects.toThrow(`line 2, column "c": "${"x".repeat(40)}…" is no time`);
  });

  it("refuses a column that is not there", async () => {
    const failure = read("a,b\n1,2\n", { types: { missing: "time" } });
    await expect(failure).rejects.toMatchObject({ name: "CsvError", column: "missing" });
  });

  it("does not take a column's name for a property that every object has", async () => {
    expect((await read("constructor\n1\n", { types: {} })).types).toEqual(["float64"]);
  });

  it("applies to all columns of a name", async () => {
    expect((await read("a,a,b\n1,2,3\n", { types: { a: "string" } })).types).toEqual(["string", "string", "float64"]);
  });
});
