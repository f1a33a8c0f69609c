import type { StringList } from "@framewright/protocol";

/** What stands before the name of an HTTP header among the headers of a query, health check or stream. */
const PREFIX = "http_";

/** Headers that have always been sent without the prefix. Source: the Go SDK's backend/http_headers.go and Grafana's alerting. */
const UNPREFIXED = new Set(["authorization", "x-id-token", "cookie", "fromalert"]);

/**
 * The HTTP headers that Grafana forwards with a query, a health check or a stream: what is prefixed with `http_`, and the few
 * that never were. Whatever else the map holds is no HTTP header.
 */
export function readForwardedHeaders(map: ReadonlyMap<string, string>): Headers {
  const headers = new Headers();
  for (const [name, value] of map) {
    if (name.startsWith(PREFIX)) {
      append(headers, name.slice(PREFIX.length), value);
    } else if (UNPREFIXED.has(name.toLowerCase())) {
      append(headers, name, value);
    }
  }
  return headers;
}

/** The other way: HTTP headers as Grafana sends them with a query, a health check or a stream. */
export function toForwardedHeaders(headers: Headers): Map<string, string> {
  return new Map([...headers].map(([name, value]) => [UNPREFIXED.has(name) ? name : `${PREFIX}${name}`, value]));
}

/** The headers of a resource request, each with all its values. */
export function readRequestHeaders(map: ReadonlyMap<string, StringList>): Headers {
  const headers = new Headers();
  for (const [name, { values }] of map) {
    for (const value of values) {
      append(headers, name, value);
    }
  }
  return headers;
}

/**
 * Adds a header as it would come over HTTP, where characters beyond Latin-1 are bytes of UTF-8. What can be no header, such as
 * a value of two lines, is left out: it is no reason to refuse the call.
 */
function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, isLatin1(value) ? value : Buffer.from(value).toString("latin1"));
  } catch {
    // Not a name or a value that HTTP has.
  }
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) {
      return false;
    }
  }
  return true;
}
