/** Sends a request on: to the next middleware, and by the last one to the server. */
export type HttpHandler = (request: Request) => Promise<Response>;

/**
 * Something around each request of a client: it may change the request, answer it itself, send it more than once, or change
 * the response. A body can be read once: a middleware that reads one hands on `request.clone()`.
 */
export type HttpMiddleware = (request: Request, next: HttpHandler) => Response | Promise<Response>;

/** Puts middleware around a handler: the first is the outermost. */
export function composeMiddleware(middleware: readonly HttpMiddleware[], handler: HttpHandler): HttpHandler {
  return middleware.reduceRight<HttpHandler>((next, use) => async (request) => use(request, next), handler);
}
