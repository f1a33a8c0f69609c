import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of real CSV files that comes with the vega-datasets package. */
export const datasetFolder = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "..", "data");

/** One file that the CSV plugin reads and what is known of it beforehand. */
export interface Dataset {
  readonly file: string;
  readonly about: string;
  /** Columns that the query asks for; all of them unless given. */
  readonly columns?: readonly string[];
  readonly rows: number;
  /** A cell that must be there: in which row, counted from 0, and what its column must hold. */
  readonly known: { readonly row: number; readonly column: string; readonly value: string };
}

/** What the CSV plugin is asked for, one query each. */
export const datasets: readonly Dataset[] = [
  {
    file: "seattle-weather.csv",
    about: "daily weather in Seattle, 2012 to 2015",
    columns: ["date", "temp_max", "temp_min", "weather"],
    rows: 1461,
    known: { row: 1460, column: "temp_max", value: "5.6" },
  },
  {
    file: "stocks.csv",
    about: "monthly prices of five stocks, one row a stock and month",
    rows: 560,
    known: { row: 0, column: "symbol", value: "MSFT" },
  },
  {
    file: "sp500-2000.csv",
    about: "daily prices of the S&P 500 since 2000",
    columns: ["date", "high", "low", "close"],
    rows: 5105,
    known: { row: 0, column: "close", value: "1455.219971" },
  },
  {
    file: "airports.csv",
    about: "airports of the United States: no time, so no chart",
    rows: 3376,
    known: { row: 0, column: "iata", value: "00M" },
  },
];
