import { type CallResourceResponse, StringList } from "@framewright/protocol";
import { PluginError } from "../errors.js";
import { describeValue } from "../validation/describe-value.js";

const NO_BYTES = new Uint8Array(0);

/** Largest piece of a body in one message, in bytes: a whole body that comes as one chunk is not copied as a whole. */
const MAX_PIECE_BYTES = 512 * 1024;

/**
 * Turns a Web `Response` into the messages of a resource answer: code and headers come with the first, and each
 * chunk of the body goes out as it is produced.
 *
 * @param signal gives the body up, also while it is waiting for its next chunk
 * @throws PluginError when the body streams something else than bytes, and what the body's source throws
 */
export async function* fromWebResponse(response: Response, signal: AbortSignal): AsyncGenerator<CallResourceResponse> {
  // A network error response has the status 0, which no HTTP client could be sent.
  const code = response.status === 0 ? 500 : response.status;
  const first = { code, headers: readHeaders(response.headers) };
  let sent = false;
  if (response.body !== null) {
    for await (const chunk of readChunks(response.body, signal)) {
      yield sent ? { code: 0, headers: new Map(), body: chunk } : { ...first, body: chunk };
      sent = true;
    }
  }
  if (!sent) {
    yield { ...first, body: NO_BYTES };
  }
}

/** Reads a body to its end, and gives it up when the reader stops early or the signal aborts. */
async function* readChunks(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const giveUp = (): void => {
    // What the body does about it is its own affair: nobody is left to be told.
    reader.cancel(signal.reason).catch(() => {});
  };
  signal.addEventListener("abort", giveUp, { once: true });
  let done = false;
  try {
    while (!done) {
      const result = await reader.read();
      done = result.done;
      if (result.value !== undefined) {
        yield* pieces(result.value);
      }
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
    if (!done) {
      giveUp();
    }
  }
}

/** @throws PluginError for a chunk that is not bytes, which a stream of the author's own may hold */
function* pieces(chunk: unknown): Generator<Uint8Array> {
  if (!(chunk instanceof Uint8Array)) {
    throw new PluginError(`a response's body must stream bytes (Uint8Array), not ${describeValue(chunk)}`);
  }
  for (let start = 0; start === 0 || start < chunk.length; start += MAX_PIECE_BYTES) {
    yield chunk.subarray(start, start + MAX_PIECE_BYTES);
  }
}

function readHeaders(headers: Headers): Map<string, StringList> {
  const lists = new Map<string, StringList>();
  for (const [name, value] of headers) {
    if (name !== "set-cookie") {
      lists.set(name, StringList.fromPartial({ values: [value] }));
    }
  }
  // Cookies are the one header whose values cannot be joined by commas.
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) {
    lists.set("set-cookie", StringList.fromPartial({ values: cookies }));
  }
  return lists;
}
