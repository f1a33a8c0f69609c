/** A URL as an error may show it: without user, password, parameters and fragment, any of which can be a secret. */
export function urlForMessage(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
