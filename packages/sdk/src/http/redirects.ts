import { DownstreamError } from "../errors.js";
import { removeCredentials } from "./headers/apply-headers.js";
import type { HttpHandler } from "./middleware.js";
import type { HttpSettings } from "./settings/http-settings.js";
import { isOwnOrigin } from "./url/resolve-url.js";
import { urlForMessage } from "./url/url-for-message.js";

/** Which redirects are followed. */
export interface RedirectOptions {
  readonly settings: Pick<HttpSettings, "url" | "headers">;
  readonly allowOtherOrigins: boolean;
  /** Whether the body is a stream, which cannot be sent a second time. */
  readonly streamed: boolean;
}

/** Most redirects of one request, as in Go's client. */
const MAX_REDIRECTS = 10;

/**
 * Follows redirects, as `fetch` does: POST becomes GET after 301, 302 and 303, and 307 and 308 send the same body again. Unlike
 * there, a redirect that leads away from the data source's server is an error unless the client may ask others, and then
 * nothing of the data source's credentials or own headers goes along.
 *
 * @throws DownstreamError (502) for a redirect that is not followed
 */
export function followRedirects(
  next: HttpHandler,
  { settings, allowOtherOrigins, streamed }: RedirectOptions,
): HttpHandler {
  return async (first) => {
    let request = first;
    for (let redirects = 0; ; redirects++) {
      // A later request takes its body from the one before it, so that one must not use it up.
      const response = await next(request.body === null || streamed ? request : request.clone());
      const location = response.headers.get("location");
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null || first.redirect === "manual") {
        return response;
      }
      await response.body?.cancel();
      const from = new URL(request.url);
      const fail = (problem: string): DownstreamError =>
        new DownstreamError(`${urlForMessage(from)} redirected ${problem}`, { status: 502 });
      if (first.redirect === "error") {
        throw fail("the request, which was not expected to happen");
      }
      if (redirects === MAX_REDIRECTS) {
        throw fail(`the request, as did ${MAX_REDIRECTS} before it; the redirects probably go in a circle`);
      }
      if (!URL.canParse(location, from.href)) {
        throw fail("to something that is not a URL");
      }
      const to = new URL(location, from);
      if (to.protocol !== "http:" && to.protocol !== "https:") {
        throw fail(`to ${to.protocol}, which is not HTTP`);
      }
      const own = isOwnOrigin(settings.url, to);
      if (!own && !allowOtherOrigins) {
        throw fail(`to ${urlForMessage(to)}, which is not at the data source's URL; correct that URL if it has moved`);
      }
      if (streamed && request.body !== null && !becomesGet(request.method, response.status)) {
        throw fail(`to ${urlForMessage(to)} and wants the body again, which was a stream and is gone`);
      }
      request = redirected(request, to, response.status);
      if (!own) {
        removeCredentials(request.headers, settings);
      }
    }
  };
}

function becomesGet(method: string, status: number): boolean {
  return (
    (status === 303 && method !== "GET" && method !== "HEAD") ||
    ((status === 301 || status === 302) && method === "POST")
  );
}

function redirected(request: Request, to: URL, status: number): Request {
  if (!becomesGet(request.method, status)) {
    return new Request(to, request);
  }
  const { signal, redirect } = request;
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()].filter((name) => name.startsWith("content-"))) {
    headers.delete(name);
  }
  return new Request(to, { method: "GET", headers, signal, redirect });
}
