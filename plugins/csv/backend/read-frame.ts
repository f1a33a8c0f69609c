import { type Frame, frame } from "@framewright/data";
import { type CsvColumn, CsvError, type CsvTable, readCsv } from "@framewright/data/csv";
import { DownstreamError, type TimeRange } from "@framewright/sdk";
import type { CsvFolder } from "./csv-folder.js";
import type { Query } from "./query.js";

/**
 * Reads a file into a frame named after it: the columns asked for, and where there is a time column, the rows within
 * the time range.
 *
 * @throws DownstreamError with status 400 that names file and line, or the column that is not there
 */
export async function readFrame(
  folder: CsvFolder,
  query: Query,
  timeRange: TimeRange,
  signal: AbortSignal,
): Promise<Frame> {
  const table = await readTable(folder, query, signal);
  const time = timeColumn(table, query);
  const rows =
    time && (await table.rowsWithin(time, { from: timeRange.from.getTime(), to: timeRange.to.getTime() }, { signal }));
  const columns = query.columns?.map((name) => findColumn(table, query, name)) ?? table.columns;
  return frame(query.file, await table.toFields({ columns, signal, ...(rows && { rows }) }));
}

async function readTable(folder: CsvFolder, query: Query, signal: AbortSignal): Promise<CsvTable> {
  const handle = await folder.open(query.file);
  try {
    // The signal goes to the reader alone: a stream that is aborted before it is read emits an error no one listens for.
    const source = handle.createReadStream({ highWaterMark: 1 << 20, autoClose: false });
    return await readCsv(source, { delimiter: query.delimiter, types: query.types, signal });
  } catch (error) {
    if (error instanceof CsvError) {
      throw new DownstreamError(`${query.file}: ${error.message}`, { status: 400, cause: error });
    }
    throw error;
  } finally {
    await handle.close();
  }
}

/** The column that the time range applies to, if the file has one. */
function timeColumn(table: CsvTable, query: Query): CsvColumn | undefined {
  if (query.timeColumn === undefined) {
    return table.columns.find(({ type }) => type === "time");
  }
  const column = findColumn(table, query, query.timeColumn);
  if (column.type !== "time") {
    throw new DownstreamError(
      `query.timeColumn: ${column.name} of ${query.file} holds ${column.type} values, not times`,
      {
        status: 400,
      },
    );
  }
  return column;
}

function findColumn(table: CsvTable, query: Query, name: string): CsvColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const names = table.columns.map((candidate) => candidate.name).join(", ");
    throw new DownstreamError(`${query.file}: has no column ${JSON.stringify(name)}; it has ${names}`, { status: 400 });
  }
  return column;
}
