import { type JsonDataReader, secretError, settingError } from "../../settings/json-data.js";
import type { Secrets } from "./http-settings.js";

/**
 * Reads the headers that a user added in the data source's settings: names in `jsonData.httpHeaderName1`, `…2` and so on,
 * values in the secrets `httpHeaderValue1`, `…2`. The numbers end at the first that is missing; a name without a value is
 * left out, as in the Go SDK.
 *
 * @throws DownstreamError (400) for what HTTP cannot carry; a value is never part of it
 */
export function readCustomHeaders(
  jsonData: JsonDataReader,
  secrets: Secrets,
): (readonly [name: string, value: string])[] {
  const headers: (readonly [string, string])[] = [];
  for (let i = 1; ; i++) {
    const name = jsonData.text(`httpHeaderName${i}`);
    if (name === undefined) {
      return headers;
    }
    const value = secrets[`httpHeaderValue${i}`];
    if (value === undefined) {
      continue;
    }
    // Source: RFC 9110, section 5.6.2 (token) and 5.5 (field value); what lies above one byte has no place in either.
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw settingError(`httpHeaderName${i}`, `is not a header name: ${JSON.stringify(name)}`);
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw secretError(`httpHeaderValue${i}`, "holds a line feed or another character that no header can have");
    }
    headers.push([name, value]);
  }
}
