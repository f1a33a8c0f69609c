import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Redactor } from "../secrets/redact-value.js";
import type { HttpCall } from "./http-call.js";
import type { QueryParameters } from "./url/query-parameters.js";

/** The Web's `RequestInit`, where what is undefined is as good as absent. */
type WebRequestInit = { readonly [Name in keyof RequestInit]?: RequestInit[Name] | undefined };

/** What `fetch` takes beside the URL: all of the Web's, and what belongs to a data source. */
export interface HttpRequestInit extends WebRequestInit {
  /** Parameters to add to those of the URL. */
  readonly query?: QueryParameters | undefined;
  /** Time for all of it, in ms, instead of the data source's; 0 is no limit, for an answer that is read as it grows. */
  readonly timeoutMs?: number | undefined;
  /** Most bytes of the answer, instead of Grafana's limit. */
  readonly maxResponseBytes?: number | undefined;
}

/** Makes requests to a data source's server. */
export interface HttpRequests {
  /**
   * As the Web's `fetch`: any status is an answer. The URL is a path below the data source's, or absolute. Time-out and limits
   * also hold while the body is read. A body that is a stream is sent as it comes, and once; others are sent with their length.
   *
   * @throws DownstreamError when no answer came: 504 where time ran out, else 502
   * @throws PluginError for a request that cannot be made
   * @throws the signal's reason when the caller's signal aborts
   */
  fetch(input: string | URL | Request, init?: HttpRequestInit): Promise<Response>;
  /**
   * Fetches JSON. With a `schema` (any Standard Schema validator) the answer is checked and typed by it.
   *
   * @throws what `fetch` throws, and DownstreamError or PluginError for a status that is not 2xx (its own), and DownstreamError
   *   (502) for an answer that is not JSON or does not fit the schema
   */
  json(input: string | URL | Request, init?: HttpRequestInit): Promise<unknown>;
  /** Fetches JSON and checks it: what the schema makes of it. Throws as the other `json` does. */
  json<S extends StandardSchemaV1>(
    input: string | URL | Request,
    init: HttpRequestInit & { readonly schema: S },
  ): Promise<StandardSchemaV1.InferOutput<S>>;
  /** Fetches text. Throws as `json` does. */
  text(input: string | URL | Request, init?: HttpRequestInit): Promise<string>;
  /** Fetches bytes. Throws as `json` does. */
  bytes(input: string | URL | Request, init?: HttpRequestInit): Promise<Uint8Array<ArrayBuffer>>;
}

/** The HTTP client of one data source. Closing it ends its connections; as an instance, or part of one, the SDK does. */
export interface HttpClient extends HttpRequests, AsyncDisposable {
  /**
   * The same client for one call of Grafana: its requests end when the call is cancelled, carry the user's identity where the
   * settings say so, and name the calling Grafana.
   *
   * @param call the context that a handler gets
   */
  for(call: HttpCall): HttpRequests;
  /** Takes the data source's secrets out of a text. */
  readonly redact: Redactor;
}
