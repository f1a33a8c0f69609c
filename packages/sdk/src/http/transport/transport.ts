import { Readable } from "node:stream";
import { codeOf } from "../../errors/code-of.js";
import { DownstreamError } from "../../errors.js";
import type { OnSocksDial } from "../../network/socks-dial.js";
import type { Redactor } from "../../secrets/redact-value.js";
import { redactValue } from "../../secrets/redact-value.js";
import { limitError, type ResponseLimit } from "../errors/limit-error.js";
import { networkError } from "../errors/network-error.js";
import type { HttpSettings } from "../settings/http-settings.js";
import { createDispatchers, type Dispatchers, type Environment } from "./create-dispatchers.js";
import { canDecode, responseBody } from "./response-body.js";
import { serverTls } from "./server-tls.js";
import { loadUndici } from "./undici.js";

/** One request on its way to the wire. */
export interface TransportRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  /** Bytes are sent again where a request is; a stream is sent once. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | undefined;
  /** Ends the request and its answer's body; its reason is what the caller gets. */
  readonly signal: AbortSignal;
  readonly limit: ResponseLimit | undefined;
  /** Called when the answer's body has ended, broke off or was given up, or none came: with its size in bytes. */
  onBodyClose(bytes: number): void;
}

/** Sends requests over pooled connections. */
export interface Transport {
  /**
   * @throws DownstreamError or PluginError when no answer came; the signal's reason when it aborts
   */
  send(request: TransportRequest): Promise<Response>;
  /** Ends all connections, also those in use. */
  close(): Promise<void>;
}

/** What the transport needs beside the settings. */
export interface TransportOptions {
  readonly env: Environment;
  readonly redact: Redactor;
  readonly onSocksDial: OnSocksDial;
}

/** Statuses whose responses have no body, for `Response` too. Source: the Fetch standard, "null body status". */
const NULL_BODY_STATUSES = new Set([101, 103, 204, 205, 304]);

/** Methods that Go's client, too, sends again over a fresh connection when a kept one turns out to be closed. */
const REPEATABLE_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Each kept connection may turn out to be closed, one after the other; a fresh one that breaks is a failure at once. */
const MAX_ATTEMPTS = 10;

/**
 * Makes a transport. Certificates, keys and proxy settings are checked here, once.
 *
 * @throws DownstreamError (400) that names the secret which cannot be used
 */
export async function createTransport(settings: HttpSettings, options: TransportOptions): Promise<Transport> {
  const undici = await loadUndici();
  const tls = serverTls(settings);
  const dispatchers = await createDispatchers(undici, settings, tls, options.env, options.onSocksDial);
  const clientCertificate = settings.tls.client !== undefined;
  const fail = (error: unknown, url: URL): unknown =>
    redactValue(networkError(error, { url, clientCertificate }), options.redact);
  return {
    send: (request) => send(dispatchers, request, fail),
    close: () => dispatchers.destroy(),
  };
}

async function send(
  dispatchers: Dispatchers,
  request: TransportRequest,
  fail: (error: unknown, url: URL) => unknown,
): Promise<Response> {
  const { url, method, signal } = request;
  const failure = (error: unknown): unknown => (signal.aborted ? signal.reason : fail(error, url));
  const dispatcher = dispatchers.for(url.protocol);
  const repeatable = REPEATABLE_METHODS.has(method) && request.body === undefined;
  try {
    let answer: EngineAnswer | undefined;
    for (let attempt = 1; answer === undefined; attempt++) {
      try {
        answer = await dispatcher.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers: Object.fromEntries(request.headers),
          body: engineBody(request.body),
          signal,
        });
      } catch (error) {
        if (!repeatable || signal.aborted || attempt === MAX_ATTEMPTS || !isStale(error)) {
          throw error;
        }
      }
    }
    return toResponse(answer, request, failure);
  } catch (error) {
    request.onBodyClose(0);
    throw failure(error);
  }
}

function engineBody(body: TransportRequest["body"]): Uint8Array | Readable | null {
  if (body === undefined) {
    return null;
  }
  return body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false });
}

/** Whether a connection that had served before was closed by the server while the request was on its way. */
function isStale(error: unknown): boolean {
  const socket: unknown = error instanceof Error ? Reflect.get(error, "socket") : undefined;
  const bytesRead: unknown = typeof socket === "object" && socket !== null ? Reflect.get(socket, "bytesRead") : 0;
  return codeOf(error) === "UND_ERR_SOCKET" && typeof bytesRead === "number" && bytesRead > 0;
}

interface EngineAnswer {
  readonly statusCode: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

function toResponse(
  answer: EngineAnswer,
  { url, method, limit, onBodyClose }: TransportRequest,
  failure: (error: unknown) => unknown,
): Response {
  const { statusCode: status, statusText, body } = answer;
  const headers = readHeaders(answer.headers);
  if (status < 200 || status > 599) {
    body.on("error", () => {}).destroy();
    throw new DownstreamError(`${url.host} answered with the status ${status}, which HTTP does not have`);
  }
  if (method === "HEAD" || NULL_BODY_STATUSES.has(status)) {
    body.on("error", () => {}).resume();
    onBodyClose(0);
    return new Response(null, { status, statusText, headers });
  }
  const encoding = headers.get("content-encoding") ?? "";
  const tooLarge = limit === undefined ? undefined : { bytes: limit.bytes, error: limitError(url, limit) };
  if (tooLarge !== undefined && encoding === "" && Number(headers.get("content-length")) > tooLarge.bytes) {
    body.on("error", () => {}).destroy();
    throw tooLarge.error;
  }
  if (canDecode(encoding)) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  const stream = responseBody(body, {
    encoding,
    limit: tooLarge,
    mapError: failure,
    onClose: onBodyClose,
  });
  return new Response(stream, { status, statusText, headers });
}

function readHeaders(source: EngineAnswer["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(source)) {
    for (const item of Array.isArray(value) ? value : [value ?? ""]) {
      headers.append(name, item);
    }
  }
  return headers;
}
