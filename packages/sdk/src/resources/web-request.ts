import type { CallResourceRequest } from "@framewright/protocol";

/** Where resource requests seem to come from: a URL needs an origin, and Grafana sends only path and query. */
const ORIGIN = "http://plugin.invalid";

/** Turns a resource call into a Web `Request`. Its URL has the path below the plugin's resource root. */
export function toWebRequest(call: CallResourceRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, { values }] of call.headers) {
    for (const value of values) {
      headers.append(name, value);
    }
  }
  const method = call.method === "" ? "GET" : call.method.toUpperCase();
  const hasBody = method !== "GET" && method !== "HEAD" && call.body.length > 0;
  return new Request(resourceUrl(call), { method, headers, signal, ...(hasBody ? { body: call.body } : {}) });
}

function resourceUrl(call: CallResourceRequest): URL {
  const relative = (call.url === "" ? call.path : call.url).replace(/^\/+/, "");
  return new URL(`${ORIGIN}/${relative}`);
}
