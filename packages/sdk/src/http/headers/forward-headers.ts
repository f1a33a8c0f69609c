import type { HttpSettings } from "../settings/http-settings.js";

/**
 * Which headers of Grafana's call go with the requests made for it:
 * - `identity`: the user's OAuth tokens and cookies, as far as the data source's settings switch them on;
 * - `all`: everything that Grafana sent along, as the Go SDK's `ForwardHTTPHeaders` does;
 * - `none`.
 *
 * With each, the mark of an alert rule's query (`FromAlert`) goes along.
 */
export type HeaderForwarding = "identity" | "all" | "none";

/** What is about one connection or one body, and not about the user. */
const NOT_FORWARDED =
  /^(?:host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-.*|accept-encoding|user-agent)$/;

/** Adds the headers of Grafana's call to those of a request, where it does not have them itself. */
export function forwardHeaders(
  headers: Headers,
  incoming: Headers,
  mode: HeaderForwarding,
  settings: Pick<HttpSettings, "forwardOAuthIdentity" | "keepCookies">,
): void {
  const fromAlert = incoming.get("fromalert");
  if (fromAlert !== null && fromAlert !== "") {
    headers.set("fromalert", fromAlert);
  }
  const add = (name: string, value: string | null): void => {
    if (value !== null && value !== "" && !headers.has(name)) {
      headers.set(name, value);
    }
  };
  if (mode === "all") {
    for (const [name, value] of incoming) {
      if (!NOT_FORWARDED.test(name)) {
        add(name, value);
      }
    }
  } else if (mode === "identity") {
    if (settings.forwardOAuthIdentity) {
      add("authorization", incoming.get("authorization"));
      add("x-id-token", incoming.get("x-id-token"));
    }
    add("cookie", keptCookies(incoming.get("cookie") ?? "", settings.keepCookies));
  }
}

/**
 * The cookies that the settings name. `name` keeps one, `prefix[]` those that begin so, `[]` all: Grafana's own proxy reads
 * `keepCookies` in this way, and has usually left out the others already.
 */
export function keptCookies(cookie: string, names: readonly string[]): string {
  const isKept = (name: string): boolean =>
    names.some((kept) => (kept.endsWith("[]") ? name.startsWith(kept.slice(0, -2)) : name === kept));
  return cookie
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "" && isKept(pair.split("=", 1)[0] ?? ""))
    .join("; ");
}
