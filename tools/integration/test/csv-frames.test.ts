import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { callUnary, toQueryDataRequest } from "@framewright/host";
import { DataService } from "@framewright/protocol";
import { expect, test } from "vitest";
import { csvContext, startCsv } from "../src/csv-plugin.js";
import { missingPyarrow, runPython } from "../src/python.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { vegaFolder } from "../src/vega-datasets.js";

const reason = missingPyarrow();
if (reason !== undefined) {
  console.warn(`SKIPPED: the frames of the CSV plugin were not compared with pyarrow: ${reason}`);
}

const known = new Set(["seattle-weather.csv", "stocks.csv", "sp500-2000.csv", "airports.csv"]);
const wholeTime = { from: new Date("1900-01-01T00:00:00Z"), to: new Date("2100-01-01T00:00:00Z") };

test.skipIf(reason !== undefined).each([
  {
    file: "seattle-weather.csv",
    rows: 1461,
    types: {
      date: "timestamp[ns]",
      precipitation: "double",
      temp_max: "double",
      temp_min: "double",
      wind: "double",
      weather: "string",
    },
  },
  { file: "stocks.csv", rows: 560, types: { symbol: "string", date: "timestamp[ns]", price: "double" } },
  {
    file: "sp500-2000.csv",
    rows: 5105,
    types: {
      date: "timestamp[ns]",
      open: "double",
      high: "double",
      low: "double",
      close: "double",
      adjclose: "double",
      volume: "double",
    },
  },
  {
    file: "airports.csv",
    rows: 3376,
    types: {
      iata: "string",
      name: "string",
      city: "string",
      state: "string",
      country: "string",
      latitude: "double",
      longitude: "double",
    },
  },
])("the binary's frame of $file, read by pyarrow, equals the file", async ({ file, rows, types }) => {
  expect(await compareWithFile(file)).toMatchObject({ rows, types, metadata: { refId: "A" }, mismatches: [] });
});

test
  .skipIf(reason !== undefined)
  .each(readdirSync(vegaFolder).filter((file) => file.endsWith(".csv") && !known.has(file)))(
  "so does the frame of %s",
  async (file) => {
    expect(await compareWithFile(file)).toMatchObject({ mismatches: [] });
  },
);

/** Asks the binary for a file and has pyarrow compare the bytes of its frame with the file. */
async function compareWithFile(file: string): Promise<unknown> {
  await using csv = await startCsv();
  await using folder = await temporaryFolder();
  const request = toQueryDataRequest({
    context: csvContext({ folder: vegaFolder }),
    queries: [{ refId: "A", json: { file }, timeRange: wholeTime }],
  });
  const { responses } = await callUnary(csv.plugin.client, DataService.queryData, request);
  const answer = responses.get("A");
  expect(answer?.error).toBe("");
  expect(answer?.frames).toHaveLength(1);
  const arrowFile = join(folder.path, "frame.arrow");
  await writeFile(arrowFile, answer?.frames[0] ?? new Uint8Array());
  return await runPython("compare_arrow_to_csv.py", arrowFile, join(vegaFolder, file));
}
