import { CallResourceRequest, type CallResourceResponse } from "@framewright/protocol";
import { PluginCallError } from "../plugin-errors.js";
import { type PluginContextInput, toWireContext } from "./plugin-context.js";

/** A resource request as Grafana passes it on from a plugin's frontend. */
export interface ResourceCall {
  readonly context: PluginContextInput;
  /** Path below the plugin's resource root, with the query string: `files?limit=10`. */
  readonly url: string;
  /** `GET` unless given. */
  readonly method?: string;
  readonly headers?: Headers;
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
 * Reads the answer as a Web `Response` whose body streams. Cancelling the body cancels the call.
 *
 * @throws PluginCallError when the plugin ends the stream without any message
 */
export async function toWebResponse(messages: AsyncGenerator<CallResourceResponse>): Promise<Response> {
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
  return new Response(NO_BODY.has(code) ? null : bodyStream(body, messages), { status: code, headers });
}

/** Statuses whose responses cannot have a body. Source: https://fetch.spec.whatwg.org/#null-body-status */
const NO_BODY = new Set([101, 103, 204, 205, 304]);

function bodyStream(first: Uint8Array, rest: AsyncGenerator<CallResourceResponse>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (first.length > 0) {
        controller.enqueue(first);
      }
    },
    async pull(controller) {
      const next = await rest.next();
      if (next.done) {
        controller.close();
      } else {
        controller.enqueue(next.value.body);
      }
    },
    async cancel() {
      await rest.return(undefined);
    },
  });
}
