import { errorSourceOfStatus } from "../../errors/error-source-of-status.js";
import { DownstreamError, PluginError } from "../../errors.js";
import type { Redactor } from "../../secrets/redact-value.js";
import { urlForMessage } from "../url/url-for-message.js";

/** Most characters of a server's own explanation that an error repeats. */
const EXCERPT_LENGTH = 300;

/** Most bytes of it that are read. */
const READ_LENGTH = 16_384;

/** How {@link responseError} makes its error. */
export interface ResponseErrorOptions {
  /** Takes secrets out of what the server said. `client.redact` knows the data source's. */
  readonly redact?: Redactor | undefined;
}

/**
 * Makes the error for a response that is none of the 2xx ones, and reads or gives up its body: the server's status, its own
 * explanation where the body has one in words, what to do about the usual ones, and the error source by
 * {@link errorSourceOfStatus}. A redirect that was not followed becomes a 502.
 */
export async function responseError(
  response: Response,
  { redact = (text) => text }: ResponseErrorOptions = {},
): Promise<DownstreamError | PluginError> {
  const { status, url } = response;
  const where = URL.canParse(url) ? urlForMessage(new URL(url)) : "the server";
  const said = await readExplanation(response);
  const text = `${where} answered ${status} ${response.statusText}`.trimEnd();
  const message = redact([text + (said === "" ? "" : `: ${said}`), ADVICE[status] ?? ""].filter(Boolean).join("; "));
  return errorSourceOfStatus(status) === "plugin"
    ? new PluginError(message, { status })
    : new DownstreamError(message, { status: status >= 400 ? status : 502 });
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "check the user, password or token in the data source's settings",
  403: "check what the data source's user or token is allowed to do",
  407: "the proxy in between wants a user and password",
  429: "the server asks for fewer requests",
};

/** What a server says about an error: the text of the usual JSON fields, or a plain text; nothing of a page of HTML. */
async function readExplanation(response: Response): Promise<string> {
  const type = response.headers.get("content-type") ?? "";
  if (/\bhtml\b/i.test(type)) {
    await response.body?.cancel();
    return "";
  }
  let text: string;
  try {
    text = await readStart(response);
  } catch {
    // The status is what matters; that its explanation broke off does not.
    return "";
  }
  const words = (jsonExplanation(text) ?? (/json/i.test(type) ? "" : text)).replaceAll(/\s+/g, " ").trim();
  return words.length > EXCERPT_LENGTH ? `${words.slice(0, EXCERPT_LENGTH)}…` : words;
}

async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    return "";
  }
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) {
      return text;
    }
    if (text.length > READ_LENGTH) {
      await reader.cancel();
      return text;
    }
  }
}

function jsonExplanation(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // {"error": {"message": …}}, {"errors": [{"message": …}]}, {"message": …}, {"error": …}, {"detail": …}, "…"
  for (let depth = 0; depth < 4; depth++) {
    if (typeof value === "string") {
      return value;
    }
    value = Array.isArray(value) ? value[0] : firstOf(value, ["message", "error", "errors", "detail", "title"]);
  }
  return undefined;
}

function firstOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  const name = names.find((name) => Reflect.get(value, name) !== undefined);
  return name === undefined ? undefined : Reflect.get(value, name);
}
