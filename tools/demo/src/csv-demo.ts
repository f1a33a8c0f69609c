import { checkCsvFrame } from "./check-csv-frame.js";
import { type Dataset, datasetFolder, datasets } from "./datasets.js";
import { type Question, showAnswers } from "./show-answers.js";
import { startDemoPlugin } from "./start-demo-plugin.js";

const timeRange = { from: new Date("1990-01-01T00:00:00Z"), to: new Date("2030-01-01T00:00:00Z") };

/** Shows what the CSV plugin answers of real files. @returns whether all of it is right */
export async function csvDemo(): Promise<boolean> {
  await using started = await startDemoPlugin("framewright-csv-datasource");
  const wrong = await showAnswers(
    started.plugin,
    datasets.map((dataset) => questionOf(dataset, started.pluginId)),
  );
  if (wrong > 0) {
    console.error(`${wrong} of ${datasets.length} answers of the CSV plugin are wrong.\n`);
  } else {
    console.log(`All ${datasets.length} answers equal what csv-parse reads in the files, cell by cell.\n`);
  }
  return wrong === 0;
}

function questionOf(dataset: Dataset, pluginId: string): Question {
  const { file, about, columns } = dataset;
  return {
    title: `${file}: ${about}`,
    context: { pluginId, dataSource: { uid: "demo-csv", name: "Demo", jsonData: { folder: datasetFolder } } },
    query: { refId: "A", timeRange, json: { file, ...(columns === undefined ? {} : { columns }) } },
    chart: true,
    source: "the file",
    check: (frame) => checkCsvFrame(frame, dataset),
  };
}
