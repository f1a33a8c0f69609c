import { type CsvReadOptions, readCsv } from "../src/csv/index.js";
import type { Field } from "../src/field.js";

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The bytes in pieces that end at the given positions. */
export async function* pieces(bytes: Uint8Array, ends: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const end of [...ends, bytes.length].sort((a, b) => a - b)) {
    yield bytes.slice(start, end);
    start = end;
  }
}

export type Value = string | number | bigint | boolean | null;

/** The values of a field one by one, read off the column's layout without any code of the package. */
export function valuesOf({ column }: Field): Value[] {
  const bit = (bitmap: Uint8Array, row: number) => (((bitmap[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
  return Array.from({ length: column.length }, (_, row): Value => {
    if (column.validity !== undefined && !bit(column.validity, row)) return null;
    switch (column.type) {
      case "string":
      case "json":
        return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
          column.bytes.subarray(column.offsets[row], column.offsets[row + 1]),
        );
      case "boolean":
        return bit(column.values, row);
      default:
        return column.values[row] ?? null;
    }
  });
}

/** Reads text and gives names, types and values of all columns. */
export async function read(text: string, options?: CsvReadOptions) {
  const table = await readCsv(bytesOf(text), options);
  const columns = (await table.toFields()).map(valuesOf);
  return {
    names: table.columns.map((column) => column.name),
    types: table.columns.map((column) => column.type),
    rows: Array.from({ length: table.rowCount }, (_, row) => columns.map((values) => values[row] ?? null)),
    columns,
  };
}

/** One column named `c`, a cell a line, with the type found or chosen. */
export async function readColumn(cells: readonly string[], options?: CsvReadOptions) {
  const { types, columns } = await read(`c,end\n${cells.map((cell) => `${cell},x\n`).join("")}`, options);
  return { type: types[0], values: columns[0] };
}
