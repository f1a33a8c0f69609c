import { CallResourceRequest, type CallResourceResponse } from "@framewright/protocol";

/** Where a path of a test lies: a Web `Request` needs an origin, of which the plugin gets nothing. */
const ORIGIN = "http://plugin.invalid/";

/** Statuses whose responses cannot have a body. Source: https://fetch.spec.whatwg.org/#null-body-status */
const NO_BODY = new Set([101, 103, 204, 205, 304]);

/** Writes the message of a request, of whose URL path and query count. Its headers come before those that every call has. */
export async function toResourceRequest(
  input: string | Request,
  init: RequestInit | undefined,
  always: Headers,
): Promise<CallResourceRequest> {
  const request =
    typeof input === "string"
      ? new Request(new URL(input.replace(/^\/+/, ""), ORIGIN), init)
      : new Request(input, init);
  const { pathname, search } = new URL(request.url);
  const path = pathname.slice(1);
  const headers = new Map([...always, ...request.headers].map(([name, value]) => [name, { values: [value] }]));
  return CallResourceRequest.fromPartial({
    path,
    url: `${path}${search}`,
    method: request.method,
    headers,
    body: new Uint8Array(await request.arrayBuffer()),
  });
}

/**
 * Reads the messages of an answer as a Web `Response` whose body streams. Cancelling the body cancels the call.
 *
 * @throws what the call throws before its first message; RangeError when the answer's status is none that HTTP has
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
    await messages.return(undefined);
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
