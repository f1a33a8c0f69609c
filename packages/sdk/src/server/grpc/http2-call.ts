import { encodeHeaders } from "../http2/hpack/encode-headers.js";
import type { Http2Stream } from "../http2/http2-stream.js";
import { readTimeout } from "./call-timeout.js";
import { ACCEPTED_ENCODINGS } from "./decompress.js";
import type { RequestPieces } from "./receive-requests.js";
import type { CallHeaders, MessageParts, ServerCall } from "./server-call.js";
import { type CallStatus, OK, status } from "./status.js";

/** The longest that a timer waits, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The longest message, in bytes: what its prefix can say. */
const MAX_MESSAGE_BYTES = 2 ** 32 - 1;

/** The longest text of a status, in UTF-16 units: each takes up to 9 bytes, and all headers of an answer together 64 KiB. */
const MAX_DETAILS = 6_000;

const RESPONSE_HEADERS = [
  [":status", "200"],
  ["content-type", "application/grpc+proto"],
  ["grpc-accept-encoding", ACCEPTED_ENCODINGS],
] as const;

/** The blocks that most answers begin and end with. */
const BEGINNING = encodeHeaders(RESPONSE_HEADERS);
const ALL_WELL = encodeHeaders(trailersOf(OK));

/** A call over HTTP/2. Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export class Http2Call implements ServerCall {
  readonly headers: CallHeaders;
  readonly deadline: number;
  readonly #stream: Http2Stream;
  readonly #listeners: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #hasResponded = false;
  #hasEnded = false;
  #isOver = false;

  constructor(stream: Http2Stream) {
    this.#stream = stream;
    this.headers = stream.headers;
    stream.listener = { onData: () => {}, onEnd: () => {}, onGone: () => this.#over() };
    const header = stream.headers["grpc-timeout"];
    const timeout = header === undefined ? Number.POSITIVE_INFINITY : readTimeout(header);
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

  /** Has what comes told to someone: the request in pieces, and that it is complete. */
  listen({ onData, onEnd }: RequestPieces): void {
    this.#stream.listener = { onData, onEnd, onGone: () => this.#over() };
  }

  onOver(listener: () => void): void {
    if (this.#isOver) {
      listener();
    } else {
      this.#listeners.push(listener);
    }
  }

  write(message: MessageParts, taken?: () => void): void {
    if (this.#isOver) {
      return;
    }
    if (!message.every((part) => part instanceof Uint8Array)) {
      this.end({ code: status.INTERNAL, details: "The answer has a part that is not bytes" });
      return;
    }
    const length = message.reduce((sum, part) => sum + part.length, 0);
    if (length > MAX_MESSAGE_BYTES) {
      this.end({ code: status.RESOURCE_EXHAUSTED, details: `The answer has ${length} bytes, more than a message may` });
      return;
    }
    if (!this.#hasResponded) {
      this.#hasResponded = true;
      this.#stream.respond(BEGINNING);
    }
    this.#stream.write([prefixOf(length), ...message], taken);
  }

  end(state: CallStatus = OK): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    if (this.#hasResponded) {
      this.#stream.end(state === OK ? ALL_WELL : encodeHeaders(trailersOf(state)));
    } else {
      this.#stream.respond(encodeHeaders([...RESPONSE_HEADERS, ...trailersOf(state)]), true);
    }
    this.#over();
  }

  #isLate(): void {
    if (this.#stream.isSending) {
      // There is no room for a status within a message.
      this.#hasEnded = true;
      this.#stream.reset();
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

/** What stands before a message: that it is not compressed, and its length. */
function prefixOf(length: number): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

function trailersOf({ code, details }: CallStatus): readonly (readonly [string, string])[] {
  return [
    ["grpc-status", String(code)],
    ["grpc-message", percentEncoded(details)],
  ];
}

/** As a header takes it, cut where that would be too long. Half a surrogate pair, which cannot be encoded, is replaced. */
function percentEncoded(text: string): string {
  return encodeURI(Buffer.from(text.slice(0, MAX_DETAILS)).toString());
}
