import { PluginError } from "../../errors.js";
import { urlForMessage } from "./url-for-message.js";

/**
 * Finds where a request goes. What has a scheme is absolute and taken as it is. All else is a path below the data source's
 * URL, whatever it begins with: with `https://host/api` both `users` and `/users` are `https://host/api/users`, and neither
 * `//other/` nor `../`, in whatever spelling, leaves it. A query part of the base goes along.
 *
 * @throws PluginError for a path that would leave the base, or one without a base
 */
export function resolveUrl(base: URL | undefined, input: string): URL {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(input)) {
    if (!URL.canParse(input)) {
      throw new PluginError("the request's URL is not a URL");
    }
    return new URL(input);
  }
  if (base === undefined) {
    throw new PluginError("the request's URL is relative, and the data source has no URL", { status: 400 });
  }
  const root = base.pathname.endsWith("/") ? base.pathname : `${base.pathname}/`;
  const [, path = "", search = ""] = /^([^?#]*)(\?[^#]*)?/.exec(input) ?? [];
  // Joined as text and parsed as a whole: no spelling of the path can then become a host.
  const url = new URL(path === "" ? base.href : base.origin + root + path.replace(/^[/\\]+/, ""));
  if (path !== "" && (!url.pathname.startsWith(root) || climbs(url.pathname))) {
    throw new PluginError(`the path ${JSON.stringify(path)} leads out of the data source's URL`, { status: 400 });
  }
  url.search = [base.search, search]
    .map((part) => part.slice(1))
    .filter((part) => part !== "")
    .join("&");
  return url;
}

/**
 * Whether a URL is the data source's own place, which its credentials are for: the same origin, or the same host after a
 * server's redirect from `http:` to `https:`, both on their usual ports.
 */
export function isOwnOrigin(base: URL | undefined, url: URL): boolean {
  if (base === undefined) {
    return false;
  }
  const upgraded = base.protocol === "http:" && url.protocol === "https:" && base.port === "" && url.port === "";
  return url.origin === base.origin || (upgraded && url.hostname === base.hostname);
}

/**
 * Refuses what only a mistake, or someone else's text in a URL, can ask for.
 *
 * @throws PluginError for another protocol, a user or password, or another origin where that was not allowed
 */
export function checkTarget(base: URL | undefined, url: URL, allowOtherOrigins: boolean): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new PluginError(`an HTTP client cannot ask ${url.protocol} URLs`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new PluginError(
      `the URL of the request to ${url.host} must not hold a user or password; send them as a header`,
    );
  }
  if (!allowOtherOrigins && !isOwnOrigin(base, url)) {
    throw new PluginError(
      `${urlForMessage(url)} is not at the data source's URL; a client that may ask other servers is made with allowOtherOrigins`,
    );
  }
}

/** Whether a path has a step upwards that only a server would see, which decodes `..%2f` before it splits. */
function climbs(pathname: string): boolean {
  return pathname
    .replaceAll(/%2f|%5c/gi, "/")
    .split("/")
    .includes("..");
}
