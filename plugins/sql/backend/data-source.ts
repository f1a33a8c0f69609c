import { defineDataSource } from "@framewright/sdk";
import { sqlQuerySchema } from "@framewright/sdk/sql";
import manifest from "../src/plugin.json" with { type: "json" };
import { answerQuery } from "./answer-query.js";
import { openInstance } from "./instance.js";
import { resources } from "./resources.js";
import { Settings } from "./settings.js";

/** The SQL data source. */
export const dataSource = defineDataSource({
  pluginId: manifest.id,
  schema: { settings: Settings, query: sqlQuerySchema },

  open: openInstance,

  query: answerQuery,

  async checkHealth({ instance, signal }) {
    return { status: "ok", message: await instance.engine.greet(signal) };
  },

  resources,
});
