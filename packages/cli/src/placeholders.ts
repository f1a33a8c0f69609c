import { Failure } from "./failure.js";

/** What stands in for the placeholders of plugin.json and README.md. */
export interface PlaceholderValues {
  readonly pluginId: string;
  /** Version in the plugin's package.json; needed only where `%VERSION%` is used. */
  readonly version: string | undefined;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/**
 * Replaces `%VERSION%`, `%TODAY%` and `%PLUGIN_ID%`, the placeholders of Grafana's own plugin build
 * (https://grafana.com/developers/plugin-tools/reference/plugin-json#info).
 *
 * @param path the file's name for messages.
 * @throws Failure where `%VERSION%` is used and there is no version.
 */
export function replacePlaceholders(text: string, values: PlaceholderValues, path: string): string {
  return text.replace(/%(VERSION|TODAY|PLUGIN_ID)%/g, (placeholder) => {
    if (placeholder === "%TODAY%") return values.today;
    if (placeholder === "%PLUGIN_ID%") return values.pluginId;
    if (values.version === undefined) {
      throw new Failure(`${path} uses %VERSION%, and the plugin's package.json has no "version"`);
    }
    return values.version;
  });
}

/**
 * The day of a build in UTC, as `YYYY-MM-DD`. `sourceDateEpoch`, seconds since 1970, takes the place of the
 * clock, so that a build can be repeated bit by bit (https://reproducible-builds.org/specs/source-date-epoch/).
 *
 * @throws Failure where it is not a count of seconds.
 */
export function buildDay(sourceDateEpoch: string | undefined, now: Date = new Date()): string {
  if (sourceDateEpoch === undefined || sourceDateEpoch === "") return now.toISOString().slice(0, 10);
  const day = new Date(/^\d{1,11}$/.test(sourceDateEpoch) ? Number(sourceDateEpoch) * 1000 : Number.NaN);
  if (Number.isNaN(day.getTime())) {
    throw new Failure(`SOURCE_DATE_EPOCH is ${JSON.stringify(sourceDateEpoch)}: it must be whole seconds since 1970`);
  }
  return day.toISOString().slice(0, 10);
}
