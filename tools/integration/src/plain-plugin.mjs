// A plugin that Node runs as it is: nothing but the SDK, and its HTTP client where a query asks for a request.
import { frame, numbers } from "@framewright/data";
import { defineDataSource, serve } from "@framewright/sdk";

await serve(
  defineDataSource({
    pluginId: "framewright-plain-datasource",
    async query({ url }, context) {
      if (url !== undefined) {
        const { createHttpClient } = await import("@framewright/sdk/http");
        const client = await createHttpClient({ url, jsonData: {}, secureJsonData: {} });
        await client.for(context).text("");
        await client[Symbol.asyncDispose]();
      }
      return frame("n", { n: numbers([1]) });
    },
  }),
);
