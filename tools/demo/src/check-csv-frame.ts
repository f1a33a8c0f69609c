import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Frame, valueAt } from "@framewright/data";
import { parse } from "csv-parse/sync";
import { type Dataset, datasetFolder } from "./datasets.js";

/**
 * Compares a frame, cell by cell, with the file as csv-parse reads it.
 *
 * @returns what differs, in words; empty when nothing does
 */
export async function checkCsvFrame(frame: Frame, dataset: Dataset): Promise<string[]> {
  const text = await readFile(join(datasetFolder, dataset.file));
  const [header = [], ...rows]: string[][] = parse(text, { bom: true });
  const problems: string[] = [];
  if (rows.length !== dataset.rows || frame.length !== dataset.rows) {
    problems.push(`${dataset.rows} rows expected, the file has ${rows.length}, the frame ${frame.length}`);
  }
  const columns = dataset.columns ?? header;
  if (frame.fields.map((field) => field.name).join() !== columns.join()) {
    problems.push(
      `fields ${columns.join(", ")} expected, the frame has ${frame.fields.map((field) => field.name).join(", ")}`,
    );
  }
  for (const field of frame.fields) {
    const column = header.indexOf(field.name);
    for (let row = 0; row < frame.length; row++) {
      const cell = rows[row]?.[column];
      const value = valueAt(field, row);
      if (cell === undefined || !sameValue(value, cell)) {
        problems.push(`row ${row}, ${field.name}: ${String(value)} in the frame, ${JSON.stringify(cell)} in the file`);
      }
    }
  }
  const { row, column, value } = dataset.known;
  if (rows[row]?.[header.indexOf(column)] !== value) {
    problems.push(`row ${row}, ${column}: ${JSON.stringify(value)} expected in the file itself`);
  }
  return problems;
}

/** Whether a field's value says the same as a cell's text. Times are compared by `Date`, which reads them as UTC with a zone. */
function sameValue(value: ReturnType<typeof valueAt>, cell: string): boolean {
  switch (typeof value) {
    case "number":
      return value === Number(cell);
    case "bigint":
      return value === BigInt(Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(cell) ? cell : `${cell} UTC`)) * 1_000_000n;
    case "boolean":
      return String(value) === cell.toLowerCase();
    case "string":
      return value === cell;
    default:
      return cell === "";
  }
}
