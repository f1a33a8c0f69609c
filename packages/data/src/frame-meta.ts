import type { FieldConfig } from "./field-config.js";

/**
 * What Grafana knows of a frame besides its fields. Everything is optional, and what is empty is not sent.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/frame_meta.go
 */
export interface FrameMeta {
  /** Asserts that the frame is built as Grafana's data plane contract says for this type. */
  readonly type?: FrameType;
  /** Major and minor version of `type`. Default and always sent: `[0, 0]`. */
  readonly typeVersion?: readonly [major: number, minor: number];
  /** A path that can be browsed in the data source. */
  readonly path?: string;
  /** What parts the levels of `path`. Default: a slash. */
  readonly pathSeparator?: string;
  /** The data source's own. */
  readonly custom?: unknown;
  /** Figures about the query, such as how long it took. */
  readonly stats?: readonly QueryStat[];
  /** Messages that Grafana shows with the frame. */
  readonly notices?: readonly Notice[];
  /** The Grafana Live channel that continues this frame. */
  readonly channel?: string;
  /** How Explore shows the frame. */
  readonly preferredVisualisationType?: VisType;
  /** The panel plugin by which Explore shows the frame; `preferredVisualisationType` where it is not installed. */
  readonly preferredVisualisationPluginId?: string;
  /** The query as it was sent to the underlying system; shown in the query inspector. */
  readonly executedQueryString?: string;
  /** Makes the frame one of annotations. */
  readonly dataTopic?: DataTopic;
  /** Indexes of the fields whose values together tell rows apart. */
  readonly uniqueRowIdFields?: readonly number[];
}

/**
 * A frame's build, as Grafana's data plane contract names it: https://grafana.com/developers/dataplane/contract-spec.
 * Other names pass through as they are.
 */
export type FrameType =
  | "timeseries-wide"
  | "timeseries-long"
  | "timeseries-many"
  | "timeseries-multi"
  | "directory-listing"
  | "table"
  | "numeric-wide"
  | "numeric-multi"
  | "numeric-long"
  | "log-lines"
  | (string & {});

/** How Explore shows a frame. Other names pass through as they are. */
export type VisType = "graph" | "table" | "logs" | "trace" | "nodeGraph" | "flamegraph" | (string & {});

/** What a frame is for, where it is not a query's data. Other names pass through as they are. */
export type DataTopic = "annotations" | (string & {});

/** A figure about the query. `displayName` says what it is, `unit` in what. */
export interface QueryStat extends FieldConfig {
  /** The figure. */
  readonly value: number;
}

/** A message that Grafana shows with a frame. */
export interface Notice {
  /** How urgent it is. */
  readonly severity: "info" | "warning" | "error";
  /** What the user reads. */
  readonly text: string;
  /** A URL, or a path below Grafana's root URL. */
  readonly link?: string;
  /** The tab of the panel inspector to look at. */
  readonly inspect?: "meta" | "error" | "data" | "stats";
}
