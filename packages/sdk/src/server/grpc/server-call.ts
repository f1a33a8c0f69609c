import type { RequestHeaders } from "../http2/request-headers.js";
import type { CallStatus } from "./status.js";

/** The metadata of a call, by names in lower case. */
export type CallHeaders = RequestHeaders;

/** A message as it is sent: its parts one behind the other, which are not joined before. */
export type MessageParts = readonly Uint8Array[];

/** A call of a client, for the code that answers it. */
export interface ServerCall {
  readonly headers: CallHeaders;
  /** When the client stops waiting, in ms since 1970; infinite where it waits for ever. */
  readonly deadline: number;
  /**
   * Is told once that the call is over: it was answered, the client gave it up or is gone, or its deadline has passed. Right
   * away where that has happened.
   */
  onOver(listener: () => void): void;
  /**
   * Sends a message. Nothing is sent any more once the call is over.
   * @param taken called when the connection has taken it and there is room for more
   */
  write(message: MessageParts, taken?: () => void): void;
  /** Ends the call, once what was written is sent. Later messages and statuses are passed over. Default: OK */
  end(status?: CallStatus): void;
}

/** Answers a call whose client sends one message. */
export type AnswerOne = (call: ServerCall, request: Buffer) => void;

/** Answers a call whose client may send many messages. @returns what takes them */
export type AnswerMany = (call: ServerCall) => RequestListener;

/** Takes what a client sends. */
export interface RequestListener {
  onMessage(message: Buffer): void;
  /** The client sends no more. */
  onEnd(): void;
}
