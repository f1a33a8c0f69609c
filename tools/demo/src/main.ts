import { parseArgs } from "node:util";

const options = { serve: { type: "boolean", default: false }, port: { type: "string", default: "54320" } } as const;
const { values } = parseArgs({ options });

if (values.serve) {
  const { serveDatabase } = await import("./serve-database.js");
  await serveDatabase(Number(values.port));
} else {
  const { csvDemo } = await import("./csv-demo.js");
  const { sqlDemo } = await import("./sql-demo.js");
  const right = [await csvDemo(), await sqlDemo()];
  if (right.includes(false)) {
    process.exitCode = 1;
  } else {
    console.log(`Ask them yourself, from the root of this repository:

  node packages/cli/bin/framewright.js query plugins/csv/dist '{"file":"stocks.csv"}' --from 2000-01-01 --to 2011-01-01 \\
    --settings "{\\"folder\\":\\"$PWD/tools/demo/node_modules/vega-datasets/data\\"}"

  npm run demo -- --serve   # keeps the database, and says how to ask the SQL plugin for it`);
  }
}
