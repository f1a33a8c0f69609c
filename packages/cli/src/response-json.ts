import { encodeJson } from "@framewright/data";
import type { QueryResult } from "@framewright/host";

/** The answers of a request as the body of Grafana's `/api/ds/query`: `results` by refId, each with status and frames. */
export function responseJson(results: ReadonlyMap<string, QueryResult>): string {
  const members = [...results].map(([refId, { status, error, errorSource, frames }]) => {
    const failure =
      error === undefined
        ? ""
        : `"error":${JSON.stringify(error)},"errorSource":${JSON.stringify(errorSource ?? "plugin")},`;
    return `${JSON.stringify(refId)}:{"status":${status},${failure}"frames":[${frames.map(encodeJson).join(",")}]}`;
  });
  return `{"results":{${members.join(",")}}}`;
}
