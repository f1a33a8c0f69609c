import type { QueryContext } from "@framewright/sdk";
import { createHttpClient } from "@framewright/sdk/http";
import type { Client } from "./client.js";

/** Makes one request with a client of its own and gives the status. */
export async function requestOnce(
  { url, path }: { readonly url: string; readonly path: string },
  context: QueryContext<Client>,
): Promise<number> {
  const { uid = "", name = "" } = context.pluginContext.dataSourceInstanceSettings ?? {};
  await using client = await createHttpClient({ uid, name, url, jsonData: {}, secureJsonData: {} });
  const response = await client.for(context).fetch(path);
  await response.arrayBuffer();
  return response.status;
}
