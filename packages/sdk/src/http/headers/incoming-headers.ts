/** Headers as they come with a call: a Web `Headers`, or the map that `QueryDataRequest` and `CheckHealthRequest` have. */
export type IncomingHeaders = Headers | ReadonlyMap<string, string>;

/**
 * Reads the HTTP headers out of a call's headers. In a message's map, Grafana marks those that it forwards with the prefix `http_`;
 * `Authorization`, `X-ID-Token` and `Cookie` come without it from older versions. Source: grafana-plugin-sdk-go,
 * `backend/http_headers.go`.
 */
export function readIncomingHeaders(source: IncomingHeaders): Headers {
  if (source instanceof Headers) {
    return source;
  }
  const headers = new Headers();
  for (const [key, value] of source) {
    if (key.startsWith("http_")) {
      setHeader(headers, key.slice("http_".length), value);
    } else if (/^(?:authorization|x-id-token|cookie|fromalert)$/i.test(key)) {
      setHeader(headers, key, value);
    }
  }
  return headers;
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // What is no header cannot be forwarded as one, and is no reason to fail a query.
  }
}
