import type { CallResourceRequest } from "@framewright/protocol";
import { DownstreamError } from "../errors.js";

/** Where resource requests seem to come from: a URL needs an origin, and Grafana sends only path and query. */
const ORIGIN = "http://plugin.invalid";

/** Methods that a Web `Request` cannot have. Source: https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * Turns a resource call into a Web `Request`. Its URL has the path below the plugin's resource root.
 *
 * @throws DownstreamError with status 405 for a method that a Web `Request` cannot have, 400 for what is no URL
 */
export function toWebRequest(call: CallResourceRequest, headers: Headers, signal: AbortSignal): Request {
  const method = call.method === "" ? "GET" : call.method.toUpperCase();
  if (FORBIDDEN.has(method)) {
    throw new DownstreamError(`the method ${method} is not answered`, { status: 405 });
  }
  const hasBody = method !== "GET" && method !== "HEAD" && call.body.length > 0;
  try {
    return new Request(resourceUrl(call), { method, headers, signal, ...(hasBody ? { body: call.body } : {}) });
  } catch (cause) {
    throw new DownstreamError("the request's method or URL is not one that HTTP has", { status: 400, cause });
  }
}

function resourceUrl(call: CallResourceRequest): URL {
  const relative = (call.url === "" ? call.path : call.url).replace(/^\/+/, "");
  return new URL(`${ORIGIN}/${relative}`);
}
