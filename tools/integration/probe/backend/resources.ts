import type { CallContext } from "@framewright/sdk";
import { type CallResourceRequest, type CallResourceResponse, StringList } from "@framewright/sdk/messages";
import { dataSource } from "./data-source.js";

/** The resources of the data source; every other path is answered with the request as it came. */
export function callResource(request: CallResourceRequest, context: CallContext): AsyncIterable<CallResourceResponse> {
  const { callResource: ofDataSource } = dataSource.handlers;
  if (ofDataSource !== undefined && /^\/?(bytes|slow|stream|throw)$/.test(request.path)) {
    return ofDataSource(request, context);
  }
  return echo(request);
}

async function* echo({ method, path, url, headers, body }: CallResourceRequest): AsyncGenerator<CallResourceResponse> {
  const echoed = {
    method,
    path,
    url,
    headers: Object.fromEntries([...headers].map(([name, { values }]) => [name, values])),
    body: Buffer.from(body).toString("base64"),
  };
  yield {
    code: 200,
    headers: new Map([["content-type", StringList.fromPartial({ values: ["application/json"] })]]),
    body: Buffer.from(JSON.stringify(echoed)),
  };
}
