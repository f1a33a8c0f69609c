import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { datasetFolder } from "./datasets.js";

const Earthquake = z.object({
  /** In ms since 1970. */
  time: z.number().int(),
  mag: z.number(),
  place: z.string(),
  type: z.string(),
});
const File = z.object({ features: z.array(z.object({ properties: Earthquake })) });

/** Reads the earthquakes of the datasets, as JavaScript does it. */
export async function readEarthquakes(): Promise<z.infer<typeof Earthquake>[]> {
  const file = File.parse(JSON.parse(await readFile(join(datasetFolder, "earthquakes.json"), "utf8")));
  return file.features.map(({ properties }) => properties);
}
