import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { datasetFolder } from "./datasets.js";

/** A table of the embedded database and the file that fills it. */
export interface DemoTable {
  readonly name: string;
  readonly about: string;
  readonly file: string;
  /** As in CREATE TABLE; of a CSV file, its columns in their order. */
  readonly columns: string;
  /** Of a JSON file, which is `$1`: the query whose rows are put into the table. */
  readonly rows?: string;
}

/** What the embedded database holds. */
export const demoTables: readonly DemoTable[] = [
  {
    name: "weather",
    about: "daily weather in Seattle and New York, 2012 to 2015",
    file: "weather.csv",
    columns: `location text, date date, precipitation numeric(5, 1), temp_max numeric(4, 1), temp_min numeric(4, 1),
      wind numeric(4, 1), weather text`,
  },
  {
    name: "bird_strikes",
    about: "10,000 birds and bats that aircraft in the United States hit, 1990 to 2002",
    file: "birdstrikes.csv",
    columns: `airport text, aircraft text, damage text, date date, operator text, state text, phase text, size text,
      species text, time_of_day text, cost_other integer, cost_repair integer, cost integer, speed smallint`,
  },
  {
    name: "earthquakes",
    about: "earthquakes and blasts of a week, 31 January to 7 February 2018",
    file: "earthquakes.json",
    columns: "time timestamptz, magnitude double precision, place text, kind text",
    rows: `SELECT to_timestamp((quake ->> 'time')::numeric / 1000), (quake ->> 'mag')::float8, quake ->> 'place', quake ->> 'type'
      FROM jsonb_path_query($1::jsonb, '$.features[*].properties') AS quake`,
  },
];

/** Makes the tables and has PostgreSQL read the files. */
export async function loadTables(database: PGlite): Promise<void> {
  for (const { name, file, columns, rows } of demoTables) {
    await database.exec(`CREATE TABLE ${name} (${columns})`);
    const bytes = await readFile(join(datasetFolder, file));
    if (rows === undefined) {
      await database.query(`COPY ${name} FROM '/dev/blob' WITH (FORMAT csv, HEADER true)`, [], {
        blob: new Blob([bytes]),
      });
    } else {
      await database.query(`INSERT INTO ${name} ${rows}`, [bytes.toString("utf8")]);
    }
  }
}
