// A plugin for the tests, made with all of the author's layer: a data source and an app in one process.
import { definePlugin, type Handlers, type Plugin, serve } from "@framewright/sdk";
import { app } from "./app.js";
import { dataSource } from "./data-source.js";
import { oddError } from "./odd-error.js";

/** The plugin that a call is for. */
const pluginOf = (request: Parameters<NonNullable<Handlers["checkHealth"]>>[0]): Plugin =>
  request.pluginContext?.appInstanceSettings === undefined ? dataSource : app;

await serve(
  definePlugin({
    pluginId: dataSource.pluginId,
    handlers: {
      ...dataSource.handlers,
      checkHealth: async (request, context) => {
        const answer = await pluginOf(request).handlers.checkHealth?.(request, context);
        if (answer === undefined) {
          throw new Error("neither has a health check");
        }
        return answer;
      },
      async validateAdmission() {
        throw oddError();
      },
    },
    async dispose() {
      await Promise.all([dataSource.dispose(), app.dispose()]);
    },
  }),
);
