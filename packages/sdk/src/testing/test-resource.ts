import { CallResourceRequest, type CallResourceResponse } from "@framewright/protocol";

/** Where a path of a test lies: a Web `Request` needs an origin, of which the plugin gets nothing. */
const ORIGIN = "http://plugin.invalid/";

/** Statuses whose responses cannot have a body. Source: https://fetch.spec.whatwg.org/#null-body-status */
const NO_BODY = new Set([101, 103, 204, 205, 304]);

/**
 * Writes the message of a request, of whose URL path and query count. Its headers come before those that every call has.
 *
 * @throws TypeError where the path is one that Grafana refuses
 */
export async function toResourceRequest(
  input: string | Request,
  init: RequestInit | undefined,
  always: Headers,
): Promise<CallResourceRequest> {
  const request =
    typeof input === "string"
      ? new Request(new URL(input.replace(/^\/+/, ""), ORIGIN), init)
      : new Request(input, init);
  const { path, url } = passedOn(new URL(request.url));
  const headers = new Map([...always, ...request.headers].map(([name, value]) => [name, { values: [value] }]));
  return CallResourceRequest.fromPartial({
    path,
    url,
    method: request.method,
    headers,
    body: new Uint8Array(await request.arrayBuffer()),
  });
}

/**
 * What Grafana makes of a URL: its router decodes the path, without a slash at its end, and the outcome is read as a URL again, whose
 * path is decoded once more. So `a%2Fb` arrives as `a/b`. Source: `pluginResourceRequest` in Grafana's pkg/api/plugin_resource.go.
 */
function passedOn({ pathname, search }: URL): { readonly path: string; readonly url: string } {
  try {
    const read = decodeURIComponent(pathname.slice(1).replace(/\/$/, "")) + search;
    const encoded = read.replace(/[?#].*$/s, "");
    const path = decodeURIComponent(encoded);
    const kept = URL_PATH.test(encoded) ? encoded : encodeURI(path).replace(/[?#]/g, encodeURIComponent);
    return { path, url: kept + read.slice(encoded.length) };
  } catch {
    throw new TypeError(
      `Grafana refuses the path ${JSON.stringify(pathname)}: it decodes it twice, so a percent sign is written %2525`,
    );
  }
}

/** What Go's `net/url` leaves as it is in a path. */
const URL_PATH = /^[\w.~!$&'()*+,;=:@[\]%/-]*$/;

/**
 * Reads the messages of an answer as a Web `Response` whose body streams. Cancelling the body cancels the call.
 *
 * @throws what the call throws before its first message, or before its end where the status is of an answer without a body; RangeError
 *   when it is none that HTTP has
 */
export async function toResponse(
  messages: AsyncGenerator<CallResourceResponse>,
  cancel: () => void,
): Promise<Response> {
  const first = await messages.next();
  if (first.done === true) {
    throw new TypeError("the resource handler sent no message; its first one holds status and headers");
  }
  const { code, headers: lists, body } = first.value;
  const headers = new Headers();
  for (const [name, { values }] of lists) {
    for (const value of values) {
      headers.append(name, value);
    }
  }
  if (NO_BODY.has(code)) {
    // To their end, as Grafana does: a call that is left before is one that was cancelled.
    while (!(await messages.next()).done) {}
    return new Response(null, { status: code, headers });
  }
  return new Response(bodyStream(body, messages, cancel), { status: code, headers });
}

function bodyStream(
  first: Uint8Array,
  rest: AsyncGenerator<CallResourceResponse>,
  cancel: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(stream) {
      if (first.length > 0) {
        stream.enqueue(first);
      }
    },
    async pull(stream) {
      const next = await rest.next();
      if (next.done === true) {
        stream.close();
      } else {
        stream.enqueue(next.value.body);
      }
    },
    cancel,
  });
}
