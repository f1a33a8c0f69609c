import type { StreamListener } from "../http2/http2-stream.js";
import { decompress } from "./decompress.js";
import type { Http2Call } from "./http2-call.js";
import { MessageReader, type ReceivedMessage } from "./message-reader.js";
import type { AnswerOne, RequestListener } from "./server-call.js";
import { status } from "./status.js";
import { StatusError } from "./status-error.js";

/** Gets a request as it comes. */
export type RequestPieces = Pick<StreamListener, "onData" | "onEnd">;

/**
 * Hands what a client sends to a listener, message by message. What cannot be read ends the call.
 *
 * @returns what is to get the pieces of the request as they come
 */
export function receiveRequests(call: Http2Call, listener: RequestListener, maxBytes: number): RequestPieces {
  const reader = new MessageReader(maxBytes);
  const encoding = call.headers["grpc-encoding"];
  /** Done when the compressed messages so far are: those behind them wait. */
  let decompressed: Promise<void> | undefined;

  const fail = (error: unknown): void => {
    call.end(error instanceof StatusError ? error.status : { code: status.INTERNAL, details: String(error) });
  };
  const inTurn = (work: () => void | Promise<void>): void => {
    decompressed = decompressed?.then(work).catch(fail);
  };
  const take = ({ bytes, isCompressed }: ReceivedMessage): void => {
    if (isCompressed) {
      decompressed ??= Promise.resolve();
      inTurn(async () => {
        const name = typeof encoding === "string" ? encoding : undefined;
        const message = await decompress(bytes, name, maxBytes);
        if (!call.isOver) {
          listener.onMessage(message);
        }
      });
    } else if (decompressed === undefined) {
      listener.onMessage(bytes);
    } else {
      inTurn(() => {
        if (!call.isOver) {
          listener.onMessage(bytes);
        }
      });
    }
  };
  const end = (): void => {
    if (call.isOver) {
      return;
    }
    if (reader.isWithinMessage) {
      throw new StatusError(status.INTERNAL, "the request ends within a message");
    }
    listener.onEnd();
  };

  return {
    onData(piece) {
      // What comes behind the end of a call is dropped.
      if (call.isOver) {
        return;
      }
      try {
        for (const message of reader.push(piece)) {
          take(message);
        }
      } catch (error) {
        fail(error);
      }
    },
    onEnd() {
      if (decompressed !== undefined) {
        inTurn(end);
        return;
      }
      try {
        end();
      } catch (error) {
        fail(error);
      }
    },
  };
}

/** Waits for the one message of a call, and then has it answered. */
export function oneRequest(call: Http2Call, path: string, answer: AnswerOne): RequestListener {
  let request: Buffer | undefined;
  return {
    onMessage(message) {
      if (request !== undefined) {
        throw new StatusError(status.UNIMPLEMENTED, `Received a second request message for method ${path}`);
      }
      request = message;
    },
    onEnd() {
      if (request === undefined) {
        throw new StatusError(status.UNIMPLEMENTED, `Received no request message for method ${path}`);
      }
      answer(call, request);
    },
  };
}
