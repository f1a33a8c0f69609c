import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvError, readCsv } from "../src/csv/index.js";
import { bytesOf, pieces, read, valuesOf } from "./csv-support.js";

/** Writes a table as RFC 4180 has it, quoting where it must and, by `alsoQuote`, where it need not. */
function write(
  table: readonly (readonly string[])[],
  lineBreak: string,
  delimiter: string,
  alsoQuote: boolean,
): string {
  const cell = (text: string) =>
    alsoQuote || text === "" || [delimiter, '"', "\r", "\n"].some((special) => text.includes(special))
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  return table.map((row) => row.map(cell).join(delimiter)).join(lineBreak);
}

describe("records and cells", () => {
  it("reads quotes, doubled quotes, delimiters and line breaks inside quotes", async () => {
    const { rows } = await read('a,b\n"x, y","he said ""no"""\n"two\r\nlines",""""\n');
    expect(rows).toEqual([
      ["x, y", 'he said "no"'],
      ["two\r\nlines", '"'],
    ]);
  });

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("ends records with %s, and the last one with the file", async (_, lineBreak) => {
    const { names, rows } = await read(["a,b", "1,x", '"2",y', "3,"].join(lineBreak));
    expect(names).toEqual(["a", "b"]);
    expect(rows).toEqual([
      [1, "x"],
      [2, "y"],
      [3, null],
    ]);
  });

  it("passes over empty lines, but not over a line of spaces or of empty quotes", async () => {
    expect((await read("\n\r\na\n\n1\n\n\n2\n\n")).rows).toEqual([[1], [2]]);
    expect((await read('a\nx\n""\n  \n')).rows).toEqual([["x"], [null], ["  "]]);
    await expect(read("a,b\n1,2\n  \n")).rejects.toThrow("line 3 has 1 cell, the header has 2");
  });

  it("passes over a byte order mark, whichever pieces it comes in", async () => {
    const bytes = bytesOf("\ufeffa,b\n1,2\n");
    for (const ends of [[], [1], [1, 2], [1, 2, 3], [4]]) {
      const table = await readCsv(pieces(bytes, ends));
      expect(table.columns.map((column) => column.name)).toEqual(["a", "b"]);
    }
  });

  it("keeps a byte order mark that is not at the start of the file", async () => {
    expect((await read("a\n\ufeffx\n")).rows).toEqual([["\ufeffx"]]);
  });

  it("reads another delimiter and then takes commas for text", async () => {
    expect((await read("a;b\n1,5;x\n", { delimiter: ";" })).rows).toEqual([["1,5", "x"]]);
    expect((await read("a\tb\n1\t\n", { delimiter: "\t" })).rows).toEqual([[1, null]]);
    expect((await read("a~b\n1~x y\n", { delimiter: "~" })).rows).toEqual([[1, "x y"]]);
    expect((await read("a:b\n2024-01-01T00:00:05\n", { delimiter: "|" })).types).toEqual(["time"]);
  });

  it.each(["", ",,", '"', "\n", "\r", "é", "€"])("refuses the delimiter %j", async (delimiter) => {
    await expect(read("a\n", { delimiter })).rejects.toThrow(RangeError);
  });

  it("keeps equal names and gives empty ones their place", async () => {
    const { names, rows } = await read('a,a,,"say ""x"""\n1,2,3,4\n');
    expect(names).toEqual(["a", "a", "Column 3", 'say "x"']);
    expect(rows).toEqual([[1, 2, 3, 4]]);
  });

  it("reads a header alone as no rows, of text", async () => {
    const { names, types, rows } = await read("a,b");
    expect({ names, types, rows }).toEqual({ names: ["a", "b"], types: ["string", "string"], rows: [] });
  });

  it("gives back any table of texts, in any pieces", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r", " ", "é", "€", "𝄞", "\ufeff") });
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 0, maxLength: 8 }),
      );
    const anyTable = fc.record({
      table: tables,
      lineBreak: fc.constantFrom("\n", "\r\n", "\r"),
      delimiter: fc.constantFrom(",", ";"),
      alsoQuote: fc.boolean(),
      ended: fc.boolean(),
      cuts: fc.array(fc.nat(200), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(anyTable, async ({ table, lineBreak, delimiter, alsoQuote, ended, cuts }) => {
        const width = table[0]?.length ?? 1;
        const names = Array.from({ length: width }, (_, index) => `c${index}`);
        const written = write([names, ...table], lineBreak, delimiter, alsoQuote) + (ended ? lineBreak : "");
        const bytes = bytesOf(written);
        const types = Object.fromEntries(names.map((name) => [name, "string" as const]));
        const ends = cuts.map((cut) => Math.min(cut, bytes.length));
        for (const source of [bytes, pieces(bytes, ends)]) {
          const read = await readCsv(source, { delimiter, types });
          const columns = (await read.toFields()).map(valuesOf);
          expect(read.columns.map((column) => column.name)).toEqual(names);
          expect(table.map((_, row) => columns.map((column) => column[row]))).toEqual(
            table.map((row) => row.map((cell) => (cell === "" ? null : cell))),
          );
          expect(read.rowCount).toBe(table.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("copies pieces, whose memory their source may use again", async () => {
    async function* reusing() {
      const shared = new Uint8Array(4);
      for (const text of ["a,b\n", "1,2\n", "3,4\n"]) {
        shared.set(bytesOf(text));
        yield shared;
      }
    }
    const fields = await (await readCsv(reusing())).toFields();
    expect(fields.map(valuesOf)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it("reads many more cells than the first guess has room for", async () => {
    const count = 50_000;
    const { columns } = await read(`n,t\n${Array.from({ length: count }, (_, i) => `${i},"t${i}"`).join("\r\n")}`);
    expect(columns[0]?.every((value, i) => value === i)).toBe(true);
    expect(columns[1]?.every((value, i) => value === `t${i}`)).toBe(true);
  });
});

describe("malformed files", () => {
  const long = "x\n".repeat(3);
  it.each([
    ["a record with too many cells", "a,b\n1,2\n1,2,3\n", 3, "line 3 has 3 cells, the header has 2"],
    ["a record with too few cells", "a,b\n\n\n1\n", 4, "line 4 has 1 cell, the header has 2"],
    ["too few cells in the last record, without a line break", "a,b\n1", 2, "line 2 has 1 cell, the header has 2"],
    ["a ragged record behind lines inside quotes", 'a,b\r\n"\r\n\r\n",1\r\n1\r\n', 5, "line 5 has 1 cell"],
    ["a ragged record that spans lines, named by its first", 'a,b\n1,2\n"x\ny"\n', 3, "line 3 has 1 cell"],
    ["a trailing delimiter", "a,b\n1,2,\n", 2, "line 2 has 3 cells, the header has 2"],
    ["a quote left open", `a\n1\n"x\n${long}`, 3, "the quote opened on line 3 is never closed"],
    ["a quote left open in the header", 'a,"b', 1, "the quote opened on line 1 is never closed"],
    ["a doubled quote at the end", 'a\n"x""', 2, "the quote opened on line 2 is never closed"],
    ["text behind a closing quote", 'a\n1\n"x"y\n', 3, "line 3 has text behind a closing quote"],
    ["a space behind a closing quote", 'a,b\n"x" ,1\n', 2, "line 2 has text behind a closing quote"],
    ["a quote inside an unquoted cell", 'a\r\n5" pipe\r\n', 2, "line 2 has a quote inside an unquoted cell"],
    ["a quote behind a space", 'a,b\n1, "x"\n', 2, "line 2 has a quote inside an unquoted cell"],
    ["an empty file", "", 1, "the file is empty: its first line must be the header"],
    ["a file of empty lines", "\n\n", 1, "the file is empty"],
    ["a byte order mark alone", "\ufeff", 1, "the file is empty"],
  ])("names the line of %s", async (_, text, line, message) => {
    const bytes = bytesOf(text);
    for (const source of [bytes, pieces(bytes, [...bytes.keys()])]) {
      const error: unknown = await readCsv(source).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(CsvError);
      expect(error).toMatchObject({ name: "CsvError", line, column: undefined });
      expect(String(error)).toContain(message);
    }
  });

  it.each([
    ["a byte that leads nothing", [0x80]],
    ["a Latin-1 letter", [0xe4, 0x68]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["an overlong form of three bytes", [0xe0, 0x80, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a code point above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a sequence cut off by the cell's end", [0xe2, 0x82]],
    ["a broken third byte", [0xf0, 0x9d, 0x20, 0x9e]],
  ])("refuses %s, naming the line", async (_, sequence) => {
    for (const quote of ["", '"']) {
      const bytes = Uint8Array.of(...bytesOf(`ä,b\n1,2\n${quote}x`), ...sequence, ...bytesOf(`${quote},y\n`));
      for (const source of [bytes, pieces(bytes, [...bytes.keys()])]) {
        await expect(readCsv(source)).rejects.toMatchObject({
          line: 3,
          message: expect.stringContaining("line 3 is not valid UTF-8"),
        });
      }
    }
  });

  it.each([
    ["little-endian", [0xff, 0xfe, 0x61, 0x00]],
    ["big-endian", [0xfe, 0xff, 0x00, 0x61]],
  ])("says that a file is %s UTF-16", async (_, bytes) => {
    await expect(readCsv(Uint8Array.from(bytes))).rejects.toThrow("the file is UTF-16; save it as UTF-8");
  });

  it("stops at the most bytes allowed, before the rest is asked for", async () => {
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked++;
        yield bytesOf("a\n1\n");
      }
    }
    await expect(readCsv(endless(), { maxBytes: 10 })).rejects.toThrow("the file is larger than 10 bytes");
    expect(asked).toBe(3);
    expect((await readCsv(bytesOf("a\n1"), { maxBytes: 3 })).rowCount).toBe(1);
    await expect(readCsv(bytesOf("a\n1"), { maxBytes: 2 })).rejects.toThrow(CsvError);
    await expect(readCsv(bytesOf("a"), { maxBytes: 2 ** 31 })).rejects.toThrow(RangeError);
    await expect(readCsv(bytesOf("a"), { maxBytes: Number.NaN })).rejects.toThrow(RangeError);
  });

  it("passes on what the source throws", async () => {
    async function* failing() {
      yield bytesOf("a,b\n1");
      throw new Error("disk on fire");
    }
    await expect(readCsv(failing())).rejects.toThrow("disk on fire");
  });
});
