import { codeOf } from "../../errors/code-of.js";
import { DownstreamError, PluginError } from "../../errors.js";
import { urlForMessage } from "../url/url-for-message.js";

/** What is known of a request that failed before or while it was answered. */
export interface FailedRequest {
  readonly url: URL;
  /** Whether a client certificate was shown. */
  readonly clientCertificate: boolean;
}

/**
 * Says in the user's words why no answer came, and whose fault it is. What lies between the plugin and the data source's server
 * is `downstream`: status 504 where time ran out, else 502, as in the Go SDK's `backend/status.go` and
 * `experimental/status`. What never was a request is the plugin's.
 *
 * @param error what the engine, or the connection below it, threw; it becomes the `cause`
 */
export function networkError(error: unknown, request: FailedRequest): DownstreamError | PluginError {
  if (error instanceof DownstreamError || error instanceof PluginError) {
    return error;
  }
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (PLUGIN_CODES.has(code) && !isOfProxy(message)) {
    const text = `the request to ${urlForMessage(request.url)} cannot be made: ${message}`;
    return new PluginError(text, { cause: error, ...(code === "UND_ERR_DESTROYED" ? { status: 503 } : {}) });
  }
  const text = describe(code, message, error, request);
  return new DownstreamError(text, { cause: error, status: TIMEOUT_CODES.has(code) ? 504 : 502 });
}

const PLUGIN_CODES = new Set([
  "UND_ERR_INVALID_ARG",
  "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_DESTROYED",
  "UND_ERR_CLOSED",
]);

const TIMEOUT_CODES = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT", "ESOCKETTIMEDOUT", "ERR_TLS_HANDSHAKE_TIMEOUT"]);

const UNTRUSTED_CODES = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_UNTRUSTED",
]);

function describe(code: string, message: string, error: unknown, { url, clientCertificate }: FailedRequest): string {
  const { host, hostname } = url;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return `the host ${hostname} is not known to the name server (${code}); check the data source's URL`;
    case "EAI_AGAIN":
      return `the name server did not answer for the host ${hostname} (EAI_AGAIN); try again, or check Grafana's network`;
    case "ECONNREFUSED":
      return `${host} refuses connections (ECONNREFUSED); check that the server runs, and the port in the data source's URL`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${host} cannot be reached from where Grafana runs (${code}); check the data source's URL and the network`;
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ERR_TLS_HANDSHAKE_TIMEOUT":
      return `${host} could not be connected to in time; check the data source's URL, and whether a firewall is in between`;
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return closedText(url, clientCertificate);
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return (
        `the certificate of ${host} is for another name: ${reasonOf(error, message)}; ` +
        "correct the data source's URL, or set Server Name in its TLS settings"
      );
    case "CERT_HAS_EXPIRED":
      return `the certificate of ${host} has expired; it has to be renewed on the server`;
    case "CERT_NOT_YET_VALID":
      return `the certificate of ${host} is not valid yet; check the clock of the machine that Grafana runs on`;
    case "UND_ERR_HEADERS_OVERFLOW":
      return `${host} answered with more headers than are accepted (16 KiB)`;
  }
  if (isOfProxy(message)) {
    return `the proxy that HTTP_PROXY or HTTPS_PROXY names did not connect to ${host}: ${message}`;
  }
  if (/^Z_|^ERR__ERROR_FORMAT/.test(code)) {
    return `what ${host} sent is damaged: it cannot be decompressed (${code})`;
  }
  if (UNTRUSTED_CODES.has(code)) {
    return (
      `the certificate of ${host} is not signed by an authority that is trusted here (${code}); ` +
      "switch on With CA Cert in the data source's TLS settings and give that authority's certificate"
    );
  }
  if (/wrong.version.number|packet.length|http.request|EPROTO/i.test(`${code} ${message}`)) {
    return `${host} does not speak TLS there; use http:// in the data source's URL, or the port for https`;
  }
  if (/certificate.required|unknown.ca|bad.certificate|handshake.failure/i.test(`${code} ${message}`)) {
    return (
      `${host} refused the TLS connection (${code}); ` +
      (clientCertificate
        ? "check the client certificate in the data source's TLS settings"
        : "if it asks for a client certificate, switch on TLS Client Auth in the data source's settings")
    );
  }
  if (code.startsWith("HPE_") || (error instanceof Error && error.name === "HTTPParserError")) {
    return `what ${host} answers is not HTTP: ${message}; check the port in the data source's URL`;
  }
  return `the request to ${urlForMessage(url)} failed: ${message}${code === "" ? "" : ` (${code})`}`;
}

/** Undici's two ways to say that a proxy of the environment wants a password, or does not connect. */
function isOfProxy(message: string): boolean {
  return /^Proxy (?:Authentication|response)/.test(message);
}

function closedText(url: URL, clientCertificate: boolean): string {
  const hint =
    url.protocol === "https:" && !clientCertificate
      ? "; if it asks for a client certificate, switch on TLS Client Auth in the data source's settings"
      : "";
  return `${url.host} closed the connection before its answer was complete${hint}`;
}

/** Node's own words for why a name does not match, without its prefix. */
function reasonOf(error: unknown, message: string): string {
  const reason: unknown = error instanceof Error ? Reflect.get(error, "reason") : undefined;
  return typeof reason === "string" && reason !== "" ? reason.replace(/[.\s]+$/, "") : message;
}
