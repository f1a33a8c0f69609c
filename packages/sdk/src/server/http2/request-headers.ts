import { errorCode, StreamError } from "./error-code.js";
import type { HeaderField } from "./hpack/header-field.js";
import { MAX_HEADER_BYTES } from "./settings.js";

/** The headers of a request, by names in lower case; values of the same name are joined by `, `. Each byte is a character. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** What each request has. */
const PSEUDO = new Set([":method", ":scheme", ":path", ":authority"]);

/** Headers of HTTP/1, which mean nothing here. Source: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2 */
const FORBIDDEN = new Set(["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"]);

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/**
 * Reads the headers that begin a request.
 *
 * @throws StreamError for what no request may have. Source: https://www.rfc-editor.org/rfc/rfc9113#section-8.2
 */
export function readRequestHeaders(fields: readonly HeaderField[] | undefined): RequestHeaders {
  if (fields === undefined) {
    throw tooLarge();
  }
  const headers: Record<string, string | undefined> = Object.create(null);
  let isRegular = false;
  for (const { name, value } of fields) {
    if (!name.startsWith(":")) {
      isRegular = true;
      checkRegular(name, value);
    } else if (isRegular || !PSEUDO.has(name) || headers[name] !== undefined) {
      throw malformed(`the header ${JSON.stringify(name)} has no place there`);
    }
    checkValue(name, value);
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  if (!headers[":method"] || !headers[":scheme"] || !headers[":path"]) {
    throw malformed("a request needs :method, :scheme and :path");
  }
  return headers;
}

/** Looks at the headers that end a request; nothing of gRPC's is in them. @throws StreamError */
export function checkTrailers(fields: readonly HeaderField[] | undefined): void {
  if (fields === undefined) {
    throw tooLarge();
  }
  for (const { name, value } of fields) {
    checkRegular(name, value);
    checkValue(name, value);
  }
}

function checkRegular(name: string, value: string): void {
  if (!NAME.test(name)) {
    throw malformed(`a header is called ${JSON.stringify(name)}`);
  }
  if (FORBIDDEN.has(name) || (name === "te" && value !== "trailers")) {
    throw malformed(`HTTP/2 has no header ${name}: ${value}`);
  }
}

function checkValue(name: string, value: string): void {
  if (value.includes("\n") || value.includes("\r") || value.includes("\0")) {
    throw malformed(`the header ${name} has a line end in it, or the character with the code 0`);
  }
}

function tooLarge(): StreamError {
  return new StreamError(errorCode.ENHANCE_YOUR_CALM, `headers of more than ${MAX_HEADER_BYTES} bytes`);
}

function malformed(how: string): StreamError {
  return new StreamError(errorCode.PROTOCOL_ERROR, how);
}
