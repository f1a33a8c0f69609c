import type { HttpCall } from "./http-call.js";

/**
 * Makes a span around each request to a server. The SDK has one of its own where Grafana asks for traces. What its functions throw is
 * logged; the request goes on.
 */
export interface HttpTracing {
  /**
   * A request is about to be sent; redirects and retries are requests of their own.
   *
   * @param request its URL has no user, password or parameters left that may be secret
   * @param call the call of Grafana it is made for, whose span is the parent
   * @returns undefined for no span
   */
  start(request: HttpSpanStart, call: HttpCall | undefined): HttpSpan | undefined;
}

/** What is known of a request when its span begins. */
export interface HttpSpanStart {
  /** The request's method. */
  readonly method: string;
  /** Scheme, host and path. */
  readonly url: string;
  /** Uid and name of the data source, and the plugin's id: the labels that the Go SDK's spans have. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The span of one request. */
export interface HttpSpan {
  /** Headers that carry the span to the server: `traceparent` and whatever else the propagator writes. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called once: with the response when its headers are there, or with what failed. */
  end(outcome: { readonly response: Response } | { readonly error: unknown }): void;
}
