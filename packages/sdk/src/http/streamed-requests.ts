const streamed = new WeakSet<Request>();

/** Notes that a request's body is a stream of the caller's, which can be sent once and is kept nowhere. */
export function markStreamed(request: Request): Request {
  streamed.add(request);
  return request;
}

/** Whether a request's body is such a stream. A `Request` does not tell: its body always looks like one. */
export function isStreamed(request: Request): boolean {
  return streamed.has(request);
}
