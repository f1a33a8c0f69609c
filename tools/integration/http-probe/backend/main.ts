// A plugin whose queries and resources are requests of its HTTP client, so that the tests see them leave the real binary.
import { frame, strings } from "@framewright/data";
import { defineDataSource, serve } from "@framewright/sdk";
import { createHttpClient } from "@framewright/sdk/http";
import { z } from "zod";
import { askOnce, HttpQuestion } from "./ask-once.js";

await serve(
  defineDataSource({
    pluginId: "framewright-http-probe-datasource",
    // These keep nothing: the HTTP client has Grafana's own settings and secrets all the same.
    schema: { settings: z.object({}), secrets: z.object({}), query: HttpQuestion },
    open: (config) => createHttpClient(config),
    async query(question, context) {
      const answer = await askOnce(context.instance.for(context), question);
      return frame("answer", { json: strings([JSON.stringify(answer)]) });
    },
    // Hands a resource request on to the data source's server, streaming both ways.
    async resources(request, context) {
      const { pathname, search } = new URL(request.url);
      const client = context.instance.for(context);
      return client.fetch(pathname + search, { method: request.method, body: request.body });
    },
  }),
);
