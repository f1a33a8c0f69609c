import type { LocatedPlugin, PluginContextInput } from "@framewright/host";
import { readObjectArgument, readSecretArgument } from "../json-argument.js";

/** What the command line says of the data source that a plugin is asked for. */
export interface DataSourceOptions {
  readonly settings?: string;
  readonly secure?: string;
  readonly url?: string;
  readonly user?: string;
  readonly database?: string;
}

/** The data source's uid in every call that the command makes. */
export const dataSourceUid = "framewright";

/**
 * The context of a call for the data source.
 *
 * @throws Failure (usage) where an option is not what it should be
 */
export async function readPluginContext(
  { pluginId, version }: Pick<LocatedPlugin, "pluginId" | "version">,
  { settings, secure, url, user, database }: DataSourceOptions,
): Promise<PluginContextInput> {
  return {
    pluginId,
    ...(version === undefined ? {} : { pluginVersion: version }),
    dataSource: {
      uid: dataSourceUid,
      name: pluginId,
      ...(url === undefined ? {} : { url }),
      ...(user === undefined ? {} : { user }),
      ...(database === undefined ? {} : { database }),
      jsonData: settings === undefined ? {} : await readObjectArgument(settings, "--settings"),
      secureJsonData: secure === undefined ? {} : await readSecretArgument(secure, "--secure"),
      updated: new Date(),
    },
  };
}
