import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { readTimeout } from "./call-timeout.js";
import { ACCEPTED_ENCODINGS } from "./decompress.js";
import { lengthOf, MessageSender } from "./message-sender.js";
import type { CallHeaders, MessageParts, ServerCall } from "./server-call.js";
import { type CallStatus, OK, status } from "./status.js";

/** The longest that a timer waits, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The longest message, in bytes: what its prefix can say. */
const MAX_MESSAGE_BYTES = 2 ** 32 - 1;

/** The longest text of a status, in UTF-16 units: each takes up to 9 bytes, and all headers of an answer together 64 KiB. */
const MAX_DETAILS = 6_000;

/** A call over HTTP/2. Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export class Http2Call implements ServerCall {
  readonly headers: CallHeaders;
  readonly deadline: number;
  readonly #stream: ServerHttp2Stream;
  readonly #sender: MessageSender;
  readonly #listeners: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #hasResponded = false;
  #hasEnded = false;
  #isOver = false;

  constructor(stream: ServerHttp2Stream, headers: CallHeaders) {
    this.#stream = stream;
    this.#sender = new MessageSender(stream);
    this.headers = headers;
    // What is wrong with a stream is told by its end, too.
    stream.on("error", () => {});
    stream.on("close", () => this.#over());
    // Comes before the close, and before an end that is none of the request's.
    stream.on("aborted", () => this.#over());
    const header = headers["grpc-timeout"];
    const timeout = typeof header === "string" ? readTimeout(header) : Number.POSITIVE_INFINITY;
    // As grpc-js counts, in whole ms.
    this.deadline = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + Math.trunc(timeout);
    if (timeout === undefined) {
      this.end({ code: status.INTERNAL, details: `Invalid grpc-timeout value ${JSON.stringify(header)}` });
    } else if (timeout <= MAX_TIMER_MS) {
      this.#timer = setTimeout(() => this.#isLate(), timeout);
    }
  }

  /** Whether nobody waits for the call any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  onOver(listener: () => void): void {
    if (this.#isOver) {
      listener();
    } else {
      this.#listeners.push(listener);
    }
  }

  write(message: MessageParts, taken?: () => void): void {
    if (this.#isOver || this.#stream.destroyed || this.#stream.closed) {
      return;
    }
    const length = lengthOf(message);
    if (length > MAX_MESSAGE_BYTES) {
      this.end({ code: status.RESOURCE_EXHAUSTED, details: `The answer has ${length} bytes, more than a message may` });
      return;
    }
    if (!this.#hasResponded) {
      this.#hasResponded = true;
      this.#stream.respond(responseHeaders(), { waitForTrailers: true });
    }
    this.#sender.send(message, taken);
  }

  end(state: CallStatus = OK): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    this.#sender.whenSent(() => this.#sendStatus(state));
    this.#over();
  }

  #sendStatus({ code, details }: CallStatus): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) {
      return;
    }
    const trailers = { "grpc-status": String(code), "grpc-message": percentEncoded(details) };
    if (this.#hasResponded) {
      stream.once("wantTrailers", () => stream.sendTrailers(trailers));
      stream.end();
    } else {
      stream.respond({ ...responseHeaders(), ...trailers }, { endStream: true });
    }
  }

  #isLate(): void {
    if (this.#sender.isSending) {
      // There is no room for a status within a message.
      this.#hasEnded = true;
      this.#stream.close(constants.NGHTTP2_CANCEL);
      this.#over();
    } else {
      this.end({ code: status.DEADLINE_EXCEEDED, details: "Deadline exceeded" });
    }
  }

  #over(): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** As a header takes it, cut where that would be too long. Half a surrogate pair, which cannot be encoded, is replaced. */
function percentEncoded(text: string): string {
  return encodeURI(Buffer.from(text.slice(0, MAX_DETAILS)).toString());
}

function responseHeaders(): OutgoingHttpHeaders {
  return {
    ":status": constants.HTTP_STATUS_OK,
    "content-type": "application/grpc+proto",
    "grpc-accept-encoding": ACCEPTED_ENCODINGS,
  };
}
