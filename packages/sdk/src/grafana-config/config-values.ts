import { DownstreamError } from "../errors.js";

/** The map that comes with each call: `DataSourceConfig.grafanaConfig`, `PluginContext.grafanaConfig`. */
export type GrafanaConfigMap = Pick<ReadonlyMap<string, string>, "get">;

/**
 * The error for a value of Grafana's configuration that cannot be used. It is for whoever runs Grafana to mend, so its
 * source is `downstream`; its status is 500.
 */
export function configError(key: string, problem: string): DownstreamError {
  return new DownstreamError(`${key} of Grafana's configuration ${problem}`, { status: 500 });
}

/**
 * Reads a whole number that is not negative.
 *
 * @returns undefined where it is not set, or empty
 * @throws DownstreamError (500) for anything else, with the value in it: no number of Grafana's is a secret
 */
export function readCount(config: GrafanaConfigMap, key: string): number | undefined {
  const text = config.get(key);
  if (text === undefined || text === "") {
    return undefined;
  }
  const value = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw configError(key, `must be a whole number from 0 to 9007199254740991, not ${JSON.stringify(text)}`);
  }
  return value;
}

/**
 * Reads what Go's `strconv.ParseBool` reads: `1`, `t`, `true`, `0`, `f`, `false` in its spellings.
 *
 * @returns false where it is not set, or empty
 * @throws DownstreamError (500) for anything else
 */
export function readFlag(config: GrafanaConfigMap, key: string): boolean {
  const text = config.get(key) ?? "";
  if (/^(?:1|t|T|true|True|TRUE)$/.test(text)) {
    return true;
  }
  if (/^(?:|0|f|F|false|False|FALSE)$/.test(text)) {
    return false;
  }
  throw configError(key, `must be true or false, not ${JSON.stringify(text)}`);
}
