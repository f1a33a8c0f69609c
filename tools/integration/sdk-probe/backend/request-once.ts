import type { QueryContext } from "@framewright/sdk";
import { createHttpClient } from "@framewright/sdk/http";
import { trace } from "@opentelemetry/api";
import type { Client } from "./client.js";

/** What is asked of whom. */
interface Target {
  readonly url: string;
  readonly path: string;
}

/** Makes one request with a client of its own and gives the status. */
export async function requestOnce({ url, path }: Target, context: QueryContext<Client>): Promise<number> {
  const { uid = "", name = "" } = context.pluginContext.dataSourceInstanceSettings ?? {};
  await using client = await createHttpClient({ uid, name, url, jsonData: {}, secureJsonData: {} });
  const response = await client.for(context).fetch(path);
  await response.arrayBuffer();
  return response.status;
}

/** Makes the request within a span of the author's own. */
export function requestInSpan(target: Target, context: QueryContext<Client>): Promise<number> {
  return trace.getTracer("probe").startActiveSpan("probe.request", async (span) => {
    try {
      return await requestOnce(target, context);
    } finally {
      span.end();
    }
  });
}
