import type { AppInstanceSettings, DataSourceInstanceSettings, PluginContext } from "@framewright/protocol";
import { DownstreamError } from "../errors.js";
import type { LogFields } from "../log/logger.js";

/** What a call is for: a data source or an app, as it was sent along. */
export interface InstanceTarget {
  /** The same for every version of one data source or app. */
  readonly id: string;
  readonly pluginContext: PluginContext;
  /** When the settings were saved, in ms since 1970. */
  readonly updated: bigint;
  /** What names it in the log. */
  readonly logFields: LogFields;
}

/** The data source of a target. */
export interface DataSourceTarget extends InstanceTarget {
  readonly saved: DataSourceInstanceSettings;
}

/** The app of a target. */
export interface AppTarget extends InstanceTarget {
  readonly saved: AppInstanceSettings;
}

/**
 * The data source that a call is for.
 *
 * @throws DownstreamError with status 400 when the call names none
 */
export function dataSourceTarget(pluginContext: PluginContext | undefined): DataSourceTarget {
  const saved = pluginContext?.dataSourceInstanceSettings;
  if (pluginContext === undefined || saved === undefined) {
    throw new DownstreamError("the call names no data source", { status: 400 });
  }
  const { namespace, orgId } = pluginContext;
  return {
    id: JSON.stringify([namespace, String(orgId), saved.uid]),
    pluginContext,
    updated: saved.lastUpdatedMS,
    logFields: { dsUid: saved.uid, dsName: saved.name },
    saved,
  };
}

/**
 * The app that a call is for: one in each organisation.
 *
 * @throws DownstreamError with status 400 when the call names none
 */
export function appTarget(pluginContext: PluginContext | undefined): AppTarget {
  const saved = pluginContext?.appInstanceSettings;
  if (pluginContext === undefined || saved === undefined) {
    throw new DownstreamError("the call names no app", { status: 400 });
  }
  const { namespace, orgId } = pluginContext;
  return {
    id: JSON.stringify([namespace, String(orgId)]),
    pluginContext,
    updated: saved.lastUpdatedMS,
    logFields: {},
    saved,
  };
}
