import type { PlaceholderValues } from "./placeholders.js";

/** What a binary knows of its build; the Go SDK's names (build/buildinfo/info.go) and the commit. */
export interface BakedInfo {
  /** In ms since 1970. */
  readonly time: number;
  readonly pluginID: string;
  readonly version?: string;
  readonly commit?: string;
}

/**
 * What is put into a binary for `--version` and `--buildinfo`. The time is `SOURCE_DATE_EPOCH` or else the beginning of the day,
 * so that the same source gives the same bytes. The commit is what GitHub's or GitLab's pipelines say of it.
 */
export function bakedInfo(values: PlaceholderValues, env: NodeJS.ProcessEnv): BakedInfo {
  const { pluginId, version, today } = values;
  const epoch = env["SOURCE_DATE_EPOCH"];
  const commit = env["GITHUB_SHA"] || env["CI_COMMIT_SHA"];
  return {
    time: epoch ? Number(epoch) * 1_000 : Date.parse(today),
    pluginID: pluginId,
    ...(version === undefined ? {} : { version }),
    ...(commit ? { commit } : {}),
  };
}
