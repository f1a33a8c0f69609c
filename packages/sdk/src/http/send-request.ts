import type { PluginIdentity } from "../calls/plugin-identity.js";
import { currentCall } from "../server/calls/work-scope.js";
import type { ResponseLimit } from "./errors/limit-error.js";
import type { Exchange } from "./exchange.js";
import { followSignals } from "./follow-signals.js";
import { applyCredentials } from "./headers/apply-headers.js";
import { forwardHeaders, type HeaderForwarding } from "./headers/forward-headers.js";
import { userAgentOf } from "./headers/user-agent.js";
import type { HttpCall } from "./http-call.js";
import { measureRequest, metricLabel, type RequestMetrics } from "./metrics/http-metrics.js";
import type { HttpSettings } from "./settings/http-settings.js";
import { traceRequest } from "./trace-request.js";
import type { HttpTracing } from "./tracing.js";
import type { Transport } from "./transport/transport.js";
import { checkTarget, isOwnOrigin } from "./url/resolve-url.js";
import { urlForMessage } from "./url/url-for-message.js";

/** What all requests of a client have in common. */
export interface SendContext {
  readonly settings: HttpSettings;
  readonly transport: Transport;
  readonly allowOtherOrigins: boolean;
  readonly forward: HeaderForwarding;
  /** Sent with each request to the data source's server that does not have them. */
  readonly defaultHeaders: Headers;
  readonly plugin: PluginIdentity | undefined;
  readonly tracing: HttpTracing | undefined;
  /** The data source's labels for spans. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What belongs to one call of the client. */
export interface SendScope {
  readonly exchange: Exchange;
  readonly call: HttpCall | undefined;
  readonly limit: ResponseLimit | undefined;
  /** Whether the body goes out as it comes, without a length. */
  readonly streamed: boolean;
}

/** Sends one request, as it is and without redirects: with its headers completed, and measured and traced where wanted. */
export async function sendRequest(request: Request, context: SendContext, scope: SendScope): Promise<Response> {
  const url = new URL(request.url);
  checkTarget(context.settings.url, url, context.allowOtherOrigins);
  const headers = completeHeaders(request, url, context, scope.call);
  const body = await readBody(request, scope.streamed);
  const span = traceRequest(
    context.tracing,
    { method: request.method, url: urlForMessage(url), attributes: context.attributes },
    scope.call,
  );
  const measure = startMeasuring(request.method, context, scope.call);
  const over = scope.exchange.begin();
  const controller = new AbortController();
  const unfollow = followSignals(controller, [scope.exchange.signal, request.signal]);
  let response: Response;
  try {
    for (const [name, value] of Object.entries(span?.headers ?? {})) {
      headers.set(name, value);
    }
    response = await context.transport.send({
      url,
      method: request.method,
      headers,
      body,
      signal: controller.signal,
      limit: scope.limit,
      onBodyClose(bytes) {
        unfollow();
        over();
        measure.bodyClosed(bytes);
      },
    });
  } catch (error) {
    unfollow();
    over();
    measure.failed();
    span?.end({ error });
    throw error;
  }
  measure.answered(response.status);
  // A response that was made here has no URL of its own.
  Object.defineProperty(response, "url", { value: request.url, configurable: true });
  span?.end({ response });
  return response;
}

function completeHeaders(request: Request, url: URL, context: SendContext, call: HttpCall | undefined): Headers {
  const { settings } = context;
  // A copy: the request may be sent again, by a retry of the author's own for example.
  const headers = new Headers(request.headers);
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !headers.has(name)) {
      headers.set(name, value);
    }
  };
  if (isOwnOrigin(settings.url, url)) {
    for (const [name, value] of context.defaultHeaders) {
      add(name, value);
    }
    applyCredentials(headers, settings);
    if (call?.headers !== undefined) {
      forwardHeaders(headers, call.headers, context.forward, settings);
    }
  }
  add("user-agent", userAgentOf(context.plugin, call));
  add("accept-encoding", "gzip");
  return headers;
}

async function readBody(
  request: Request,
  streamed: boolean,
): Promise<Uint8Array | ReadableStream<Uint8Array> | undefined> {
  if (request.body === null) {
    return undefined;
  }
  return streamed ? request.body : new Uint8Array(await request.arrayBuffer());
}

/** Measures what the Go SDK's middleware does. Not where the plugin is not known, in a program of its own for example. */
function startMeasuring(method: string, { settings, plugin }: SendContext, call: HttpCall | undefined): RequestMetrics {
  const running = currentCall();
  const pluginId = plugin?.id || call?.pluginContext?.pluginId || running?.pluginContext?.pluginId || "";
  const type = metricLabel(pluginId);
  const endpoint = call?.endpoint ?? running?.endpoint ?? "";
  return type === ""
    ? NOT_MEASURED
    : measureRequest(method, { type, secureSocks: settings.secureSocks !== undefined, endpoint });
}

const NOT_MEASURED: RequestMetrics = { answered() {}, failed() {}, bodyClosed() {} };
