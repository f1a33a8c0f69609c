import { CallResourceRequest, type CallResourceResponse } from "@framewright/protocol";
import { PluginCallError } from "../plugin-errors.js";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";

/** A resource request as Grafana passes it on from a plugin's frontend. */
export interface ResourceCall {
  /** Where the call comes from. */
  readonly context: PluginContextInput;
  /** Path below the plugin's resource root, with the query string: `files?limit=10`. */
  readonly url: string;
  /** `GET` unless given. */
  readonly method?: string;
  /** The request's HTTP headers. */
  readonly headers?: Headers;
  /** The request's body; empty unless given. */
  readonly body?: Uint8Array;
}

/** Writes the request message. */
export function toCallResourceRequest(call: ResourceCall): CallResourceRequest {
  const url = call.url.replace(/^\/+/, "");
  const headers = new Map([...(call.headers ?? [])].map(([name, value]) => [name, { values: [value] }]));
  return CallResourceRequest.fromPartial({
    pluginContext: toWireContext(call.context),
    path: url.replace(/[?#].*$/s, ""),
    url,
    method: call.method ?? "GET",
    headers,
    body: call.body ?? new Uint8Array(0),
  });
}

/**
 * Makes the call and reads the answer as a Web `Response` whose body streams. Cancelling the body cancels the call.
 *
 * @param start makes the call; aborting the signal cancels it
 * @throws PluginCallError when the plugin ends the stream without any message; RangeError when its status is none
 */
export async function toWebResponse(
  start: (signal: AbortSignal) => AsyncGenerator<CallResourceResponse>,
): Promise<Response> {
  const controller = new AbortController();
  try {
    return await readResponse(start(controller.signal), controller);
  } catch (error) {
    controller.abort();
    throw error;
  }
}

async function readResponse(
  messages: AsyncGenerator<CallResourceResponse>,
  controller: AbortController,
): Promise<Response> {
  const first = await messages.next();
  if (first.done) {
    throw new PluginCallError("CallResource", "UNKNOWN", "the plugin ended the stream without an answer");
  }
  const { code, headers: lists, body } = first.value;
  const headers = new Headers();
  for (const [name, { values }] of lists) {
    for (const value of values) {
      headers.append(name, value);
    }
  }
  if (NO_BODY.has(code)) {
    controller.abort();
    return new Response(null, { status: code, headers });
  }
  return new Response(bodyStream(body, messages, controller), { status: code, headers });
}

/** Statuses whose responses cannot have a body. Source: https://fetch.spec.whatwg.org/#null-body-status */
const NO_BODY = new Set([101, 103, 204, 205, 304]);

function bodyStream(
  first: Uint8Array,
  rest: AsyncGenerator<CallResourceResponse>,
  controller: AbortController,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(stream) {
      if (first.length > 0) {
        stream.enqueue(first);
      }
    },
    async pull(stream) {
      const next = await rest.next();
      if (next.done) {
        stream.close();
      } else {
        stream.enqueue(next.value.body);
      }
    },
    cancel() {
      // The generator itself may be waiting for a message that never comes.
      controller.abort();
    },
  });
}
