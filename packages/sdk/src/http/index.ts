/**
 * An HTTP client made from a data source's settings.
 *
 * @module
 */
export type { PluginIdentity } from "../calls/plugin-identity.js";
export { errorSourceOfStatus } from "../errors/error-source-of-status.js";
export type { Credentials, SecureSocksSettings } from "../network/secure-socks-settings.js";
export type { Redactor } from "../secrets/redact-value.js";
export { createHttpClient, type HttpClientOptions } from "./create-http-client.js";
export { type ResponseErrorOptions, responseError } from "./errors/response-error.js";
export type { HeaderForwarding } from "./headers/forward-headers.js";
export type { HttpCall } from "./http-call.js";
export type { HttpClient, HttpRequestInit, HttpRequests } from "./http-client.js";
export type { HttpHandler, HttpMiddleware } from "./middleware.js";
export { createRedactor } from "./redact.js";
export { parseRetryAfter, type RetryOptions, retry } from "./retry.js";
export type {
  HttpClientConfig,
  HttpSettings,
  HttpTimeouts,
  Secrets,
} from "./settings/http-settings.js";
export type { TlsSettings } from "./settings/tls-settings.js";
export type { HttpSpan, HttpSpanStart, HttpTracing } from "./tracing.js";
export type { QueryParameters } from "./url/query-parameters.js";
