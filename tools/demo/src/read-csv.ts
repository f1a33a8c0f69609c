import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { datasetFolder } from "./datasets.js";

/** A row of a CSV file: gives the text of a column. */
export type CsvRow = (column: string) => string;

/** Reads a file of the datasets with csv-parse. */
export async function readCsv(file: string): Promise<CsvRow[]> {
  const [header = [], ...rows]: string[][] = parse(await readFile(join(datasetFolder, file)), { bom: true });
  return rows.map((row) => (column) => {
    const text = row[header.indexOf(column)];
    if (text === undefined) {
      throw new Error(`${file} has no column ${column}; there are ${header.join(", ")}`);
    }
    return text;
  });
}
