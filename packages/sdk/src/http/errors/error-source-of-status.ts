import type { ErrorSource } from "../../errors.js";

/**
 * Statuses that say the request itself was made wrongly, whatever the user did: 405 Method Not Allowed, 406 Not Acceptable, 412
 * Precondition Failed, 413 Content Too Large, 414 URI Too Long, 416 Range Not Satisfiable, 417 Expectation Failed, 426 Upgrade
 * Required, 431 Request Header Fields Too Large, 501 Not Implemented. Source: grafana-plugin-sdk-go, `experimental/status`.
 */
const PLUGIN_STATUSES = new Set([405, 406, 412, 413, 414, 416, 417, 426, 431, 501]);

/** Whose fault an HTTP status is that a data source's server answered, as the Go SDK's `ErrorSourceFromHTTPStatus` says it. */
export function errorSourceOfStatus(status: number): ErrorSource {
  return PLUGIN_STATUSES.has(status) ? "plugin" : "downstream";
}
