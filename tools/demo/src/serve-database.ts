import { demoSettings, demoUser, startDemoDatabase } from "./demo-database.js";
import { demoTables } from "./load-tables.js";

// Without quotes of SQL, which a shell would take for its own.
const query = {
  rawSql:
    "SELECT $__timeGroupAlias(time, $__interval, 0), count(*) AS events FROM earthquakes WHERE $__timeFilter(time) GROUP BY 1 ORDER BY 1",
  format: "time_series",
};

/** Keeps the embedded PostgreSQL with the demo's tables until Ctrl-C, and says how to ask for them. */
export async function serveDatabase(port: number): Promise<void> {
  await using database = await startDemoDatabase(port).catch((error: unknown) => {
    if (error instanceof Error && "code" in error) {
      console.error(`${error.message}\nTake another port: npm run demo -- --serve --port 54321`);
      process.exit(1);
    }
    throw error;
  });
  const tables = demoTables.map(({ name, about }) => `  ${name.padEnd(14)}${about}`);
  console.log(`PostgreSQL listens on ${database.address}, for one connection at a time, until Ctrl-C. Its tables:

${tables.join("\n")}

Ask the SQL plugin for them in another terminal, from the root of this repository:

  node packages/cli/bin/framewright.js query plugins/sql/dist '${JSON.stringify(query)}' \\
    --from 2018-01-31 --to 2018-02-07 --interval 6h \\
    --url ${database.address} --user ${demoUser} --settings '${JSON.stringify(demoSettings)}'
`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.once(signal, resolve);
    }
  });
}
