import type { ErrorSource } from "./sourced-error.js";

/**
 * Statuses that say the request itself was made wrongly, whatever the user did: 405 Method Not Allowed, 406 Not Acceptable, 412
 * Precondition Failed, 413 Content Too Large, 414 URI Too Long, 416 Range Not Satisfiable, 417 Expectation Failed, 426 Upgrade
 * Required, 431 Request Header Fields Too Large, 501 Not Implemented.
 */
const OF_THE_REQUEST = new Set([405, 406, 412, 413, 414, 416, 417, 426, 431, 501]);

/**
 * Whose fault it is when a data source answers with an HTTP status: the plugin's where the status says that the request was
 * wrongly made, else downstream. Source: the Go SDK's `experimental/status`, `SourceFromHTTPStatus`.
 */
export function errorSourceOfStatus(status: number): ErrorSource {
  return OF_THE_REQUEST.has(status) ? "plugin" : "downstream";
}
