/**
 * CSV files into typed columns: `@framewright/data/csv`.
 *
 * @module
 */
export { CsvError } from "./csv-error.js";
export type { CsvColumn, CsvFieldOptions, CsvTable, CsvTimeRange, CsvWorkOptions } from "./csv-table.js";
export { type CsvReadOptions, readCsv } from "./read-csv.js";
