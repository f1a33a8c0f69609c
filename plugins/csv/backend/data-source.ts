import { defineDataSource, jsonRoutes } from "@framewright/sdk";
import manifest from "../src/plugin.json" with { type: "json" };
import { CsvFolder } from "./csv-folder.js";
import { Query } from "./query.js";
import { readFrame } from "./read-frame.js";
import { Settings } from "./settings.js";

/** The CSV data source: every file below one folder. */
export const dataSource = defineDataSource({
  pluginId: manifest.id,
  schema: { settings: Settings, query: Query },

  open: ({ settings }) => new CsvFolder(settings.folder),

  query: (query, { instance, timeRange, signal }) => readFrame(instance, query, timeRange, signal),

  async checkHealth({ instance }) {
    const files = await instance.list();
    return {
      status: "ok",
      message: `The folder can be read. It holds ${files.length} CSV ${files.length === 1 ? "file" : "files"}.`,
    };
  },

  resources: jsonRoutes<CsvFolder>((route) => [route.get("/files", ({ instance }) => instance.list())]),
});
