import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { PluginIdentity } from "../calls/plugin-identity.js";
import { PluginError } from "../errors.js";
import { parseResponseLimit } from "../grafana-config/grafana-config.js";
import { redactValue } from "../secrets/redact-value.js";
import { responseError } from "./errors/response-error.js";
import { type Exchange, startExchange } from "./exchange.js";
import type { HeaderForwarding } from "./headers/forward-headers.js";
import type { HttpCall } from "./http-call.js";
import type { HttpClient, HttpRequestInit, HttpRequests } from "./http-client.js";
import { measureSocksDial, metricLabel } from "./metrics/http-metrics.js";
import { composeMiddleware, type HttpMiddleware } from "./middleware.js";
import { readJsonResponse } from "./read-json-response.js";
import { createRedactor } from "./redact.js";
import { followRedirects } from "./redirects.js";
import { findResponseLimit, LIMIT_VARIABLE } from "./response-limit.js";
import { type SendContext, type SendScope, sendRequest } from "./send-request.js";
import { type HttpClientConfig, type HttpSettings, readHttpSettings } from "./settings/http-settings.js";
import { markStreamed } from "./streamed-requests.js";
import type { HttpTracing } from "./tracing.js";
import { addQuery } from "./url/query-parameters.js";
import { checkTarget, resolveUrl } from "./url/resolve-url.js";

/** What a plugin's author decides, beside what the data source's settings say. */
export interface HttpClientOptions {
  /** The base of relative URLs, where it is not the data source's URL: one made of a region in the settings, for example. */
  readonly url?: string | undefined;
  /** Changes what was read from the settings: other defaults, own TLS, own credentials. */
  readonly adjust?: ((settings: HttpSettings) => HttpSettings) | undefined;
  /** Sent with each request to the data source's server that does not have them itself, nor by the settings. */
  readonly headers?: RequestInit["headers"] | undefined;
  /** Which headers of Grafana's call go along. `identity` unless given. */
  readonly forward?: HeaderForwarding | undefined;
  /** Lets requests and redirects go to other servers; none of the data source's credentials go with those. */
  readonly allowOtherOrigins?: boolean | undefined;
  /** Around each request, the first outermost: {@link retry}, a token's refresh, a signature. */
  readonly middleware?: readonly HttpMiddleware[] | undefined;
  /** Most bytes of an answer where Grafana sets no limit. */
  readonly maxResponseBytes?: number | undefined;
  /** Names the plugin in the user agent and the metrics, in place of `config.plugin`. */
  readonly plugin?: PluginIdentity | undefined;
  /** Makes the spans of this client's requests, in place of the SDK. */
  readonly tracing?: HttpTracing | undefined;
}

/**
 * Makes the HTTP client of a data source from its settings: base URL, basic authentication, TLS, own headers, time-outs, forwarded
 * identity, proxies and limits, as Grafana's own data sources have them.
 *
 * @param config the `config` that `open` gets
 * @throws DownstreamError (400) that names the field of the settings, or the secret, that is missing or wrong
 */
export async function createHttpClient(config: HttpClientConfig, options: HttpClientOptions = {}): Promise<HttpClient> {
  const read = readHttpSettings(options.url === undefined ? config : { ...config, url: options.url });
  const settings = options.adjust?.(read) ?? read;
  const { basicAuth, secureSocks } = settings;
  const redact = createRedactor({ ...config.secureJsonData, "password of the URL": basicAuth?.password ?? "" }, [
    basicAuth?.user ?? "",
    secureSocks?.credentials.user ?? "",
  ]);
  const { plugin = config.plugin, tracing, allowOtherOrigins = false } = options;
  // With the engine, TLS and compression behind it: not what a plugin's start should wait for.
  const { createTransport } = await import("./transport/transport.js");
  const transport = await createTransport(settings, {
    env: process.env,
    redact,
    onSocksDial: (code, seconds) => measureSocksDial(code, config.name ?? "", metricLabel(plugin?.id ?? ""), seconds),
  });
  const limitOfEnvironment = parseResponseLimit(process.env[LIMIT_VARIABLE]);
  const context: SendContext = {
    settings,
    transport,
    allowOtherOrigins,
    forward: options.forward ?? "identity",
    defaultHeaders: new Headers(options.headers),
    plugin,
    tracing,
    attributes: {
      datasource_name: config.name ?? "",
      datasource_uid: config.uid ?? "",
      datasource_type: plugin?.id ?? "",
    },
  };

  async function run(
    call: HttpCall | undefined,
    input: string | URL | Request,
    { query, timeoutMs, maxResponseBytes, ...init }: HttpRequestInit = {},
  ): Promise<Response> {
    const source = input instanceof Request ? input : undefined;
    const url = resolveUrl(settings.url, source?.url ?? String(input));
    addQuery(url, query ?? {});
    checkTarget(settings.url, url, allowOtherOrigins);
    const exchange = startExchange({
      signals: [init.signal, source?.signal, call?.signal],
      timeoutMs: timeoutMs ?? settings.timeouts.requestMs,
      host: url.host,
    });
    const limit = findResponseLimit({
      request: maxResponseBytes,
      call: call?.pluginContext?.grafanaConfig,
      config: config.grafanaConfig,
      environment: limitOfEnvironment,
      client: options.maxResponseBytes,
    });
    const scope: SendScope = { exchange, call, limit, streamed: isStream(init.body) };
    const handler = followRedirects((request) => sendRequest(request, context, scope), {
      settings,
      allowOtherOrigins,
      streamed: scope.streamed,
    });
    try {
      return await composeMiddleware(options.middleware ?? [], handler)(makeRequest(url, source, init, exchange));
    } finally {
      exchange.settle();
    }
  }

  async function runSafely(...parameters: Parameters<typeof run>): Promise<Response> {
    try {
      return await run(...parameters);
    } catch (error) {
      throw redactValue(error, redact);
    }
  }

  /** The request for the first middleware. What the runtime says against one may repeat a header's value. */
  function makeRequest(url: URL, source: Request | undefined, init: HttpRequestInit, { signal }: Exchange): Request {
    const given = Object.entries(init).filter(([, value]) => value !== undefined);
    const whole: RequestInit = {
      ...Object.fromEntries(given),
      signal,
      ...(isStream(init.body) ? { duplex: "half" } : {}),
    };
    try {
      const request = new Request(source === undefined ? url : new Request(url, source), whole);
      return isStream(init.body) ? markStreamed(request) : request;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new PluginError(`the request to ${url.host} cannot be made: ${problem}`);
    }
  }

  function requestsFor(call: HttpCall | undefined): HttpRequests {
    const checked = async (input: string | URL | Request, init: HttpRequestInit | undefined): Promise<Response> => {
      const response = await runSafely(call, input, init);
      if (!response.ok) {
        throw await responseError(response, { redact });
      }
      return response;
    };
    return {
      fetch: (input, init) => runSafely(call, input, init),
      async json(
        input: string | URL | Request,
        { schema, ...init }: HttpRequestInit & { readonly schema?: StandardSchemaV1 } = {},
      ) {
        return readJsonResponse(await checked(input, init), schema);
      },
      text: async (input, init) => (await checked(input, init)).text(),
      bytes: async (input, init) => new Uint8Array(await (await checked(input, init)).arrayBuffer()),
    };
  }

  return {
    ...requestsFor(undefined),
    for: requestsFor,
    redact,
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

function isStream(body: unknown): boolean {
  return body instanceof ReadableStream || (typeof body === "object" && body !== null && Symbol.asyncIterator in body);
}
