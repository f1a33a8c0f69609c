import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { renderFrame } from "@framewright/cli/render";
import { locatePlugin, type Plugin, startPlugin } from "@framewright/host";
import { checkFrame } from "./check-frame.js";
import { type Dataset, datasetFolder, datasets } from "./datasets.js";

const dist = join(dirname(createRequire(import.meta.url).resolve("framewright-csv-datasource/package.json")), "dist");
const wholeTime = { from: new Date("1990-01-01T00:00:00Z"), to: new Date("2030-01-01T00:00:00Z") };

const { executable, pluginId } = await locatePlugin(dist);
const { size } = await stat(executable);
await using plugin = await startPlugin({ executable });
console.log(`${pluginId}: ${basename(executable)}, ${(size / 1024 / 1024).toFixed(0)} MiB, one file.`);
console.log(`Started the way Grafana starts a plugin; it shook hands after ${plugin.startMs.toFixed(0)} ms.\n`);

let failures = 0;
for (const dataset of datasets) {
  if (!(await show(plugin, dataset))) {
    failures++;
  }
}
if (failures > 0) {
  console.error(`${failures} of ${datasets.length} answers are wrong.`);
  process.exitCode = 1;
} else {
  console.log(`All ${datasets.length} answers equal what csv-parse reads in the files, cell by cell.`);
  console.log(`
Ask it yourself, from the root of this repository:

  node packages/cli/bin/framewright.js query plugins/csv/dist '{"file":"stocks.csv"}' --from 2000-01-01 --to 2011-01-01 \\
    --settings "{\\"folder\\":\\"$PWD/tools/demo/node_modules/vega-datasets/data\\"}"`);
}

/** Asks for one file, prints the answer and says whether it is right. */
async function show(plugin: Plugin, dataset: Dataset): Promise<boolean> {
  const { file, about, columns } = dataset;
  console.log(`── ${file}: ${about}`);
  const asked = performance.now();
  const answers = await plugin.queryData({
    context: {
      pluginId,
      dataSource: { uid: "demo", name: "Demo", jsonData: { folder: datasetFolder } },
    },
    queries: [{ refId: "A", timeRange: wholeTime, json: { file, ...(columns === undefined ? {} : { columns }) } }],
  });
  const answerMs = performance.now() - asked;
  const answer = answers.get("A");
  const frame = answer?.frames[0];
  if (answer === undefined || frame === undefined || answer.error !== undefined) {
    console.error(`✗ the plugin answered: ${answer?.error ?? "nothing"}\n`);
    return false;
  }
  console.log(`\n${renderFrame(frame, { stream: process.stdout, maxRows: 6, chart: true })}`);
  const problems = await checkFrame(frame, dataset);
  const cells = `${frame.length.toLocaleString("en")} rows of ${frame.fields.length} fields in ${answerMs.toFixed(1)} ms`;
  console.log(problems.length === 0 ? `\n✓ ${cells}, equal to the file\n` : `\n✗ ${cells}`);
  for (const problem of problems.slice(0, 10)) {
    console.error(`  ${problem}`);
  }
  return problems.length === 0;
}
