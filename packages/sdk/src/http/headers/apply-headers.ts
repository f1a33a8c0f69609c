import type { HttpSettings } from "../settings/http-settings.js";

/**
 * Adds what a data source's settings say to the headers of a request: basic authentication where the request has no
 * `Authorization` of its own, then the user's own headers, which win over all. The order is the Go SDK's.
 */
export function applyCredentials(headers: Headers, settings: Pick<HttpSettings, "basicAuth" | "headers">): void {
  const { basicAuth } = settings;
  if (basicAuth !== undefined && !headers.has("authorization")) {
    const credentials = Buffer.from(`${basicAuth.user}:${basicAuth.password}`).toString("base64");
    headers.set("authorization", `Basic ${credentials}`);
  }
  const names = new Set(settings.headers.map(([name]) => name.toLowerCase()));
  for (const name of names) {
    headers.delete(name);
  }
  for (const [name, value] of settings.headers) {
    headers.append(name, value);
  }
}

/**
 * Takes out of a request what is meant for the data source's server only: before a redirect leads it to another one.
 */
export function removeCredentials(headers: Headers, settings: Pick<HttpSettings, "headers">): void {
  const own = settings.headers.map(([name]) => name);
  for (const name of ["authorization", "cookie", "proxy-authorization", "x-id-token", "x-grafana-id", "host", ...own]) {
    headers.delete(name);
  }
}
