import { DownstreamError } from "../../errors.js";
import type { Credentials } from "../../network/secure-socks-settings.js";

/** A data source's URL, and the user and password that stood in it. */
export interface BaseUrl {
  readonly url: URL | undefined;
  readonly credentials: Credentials | undefined;
}

/**
 * Reads the URL of a data source. What it holds of user and password moves out of it, so that no message can repeat it.
 *
 * @returns no URL where none is saved
 * @throws DownstreamError (400) for what is no `http:` or `https:` URL; the text itself may hold a password and is not repeated
 */
export function readBaseUrl(text: string | undefined): BaseUrl {
  if (text === undefined || text.trim() === "") {
    return { url: undefined, credentials: undefined };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new DownstreamError("the data source's URL must begin with http:// or https:// and name a host", {
      status: 400,
    });
  }
  const credentials =
    url.username === "" && url.password === ""
      ? undefined
      : { user: decode(url.username), password: decode(url.password) };
  url.username = "";
  url.password = "";
  url.hash = "";
  return { url, credentials };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
