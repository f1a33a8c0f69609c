import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of real CSV files that comes with the vega-datasets package. */
export const vegaFolder = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "..", "data");
