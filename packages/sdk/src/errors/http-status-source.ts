import type { ErrorSource } from "./sourced-error.js";

/**
 * Statuses by which a server says that the request itself was no good, which the plugin made: 405, 406, 412, 413, 414, 416,
 * 417, 426, 431 and 501.
 */
const OF_THE_REQUEST = new Set([405, 406, 412, 413, 414, 416, 417, 426, 431, 501]);

/**
 * Whose fault it is when a data source answers with an HTTP status: the plugin's where the status says that the request was
 * wrongly made, else downstream. Source: the Go SDK's `experimental/status`, `SourceFromHTTPStatus`.
 */
export function errorSourceOfHttpStatus(status: number): ErrorSource {
  return OF_THE_REQUEST.has(status) ? "plugin" : "downstream";
}
