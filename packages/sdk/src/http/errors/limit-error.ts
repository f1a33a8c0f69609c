import { DownstreamError } from "../../errors.js";
import { urlForMessage } from "../url/url-for-message.js";

/** The most bytes that an answer may have, and who says so. */
export interface ResponseLimit {
  readonly bytes: number;
  /** What sets it, for the error. */
  readonly setBy: string;
}

/** The error for an answer that is larger than allowed: status 502, `downstream`. */
export function limitError(url: URL, limit: ResponseLimit): DownstreamError {
  return new DownstreamError(
    `the answer of ${urlForMessage(url)} is larger than ${limit.bytes} bytes, the limit set by ${limit.setBy}; ` +
      "ask for less, or raise the limit",
    { status: 502 },
  );
}
