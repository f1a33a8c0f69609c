/**
 * Where a click on a value leads.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_config.go
 */
export interface DataLink {
  readonly title?: string;
  /** Whether it opens in a new tab. */
  readonly targetBlank?: boolean;
  /** May hold Grafana's variables, such as `${__value.raw}`. */
  readonly url?: string;
  /** A query to open in Explore instead of a URL. */
  readonly internal?: InternalDataLink;
}

/** A query to open in Explore. */
export interface InternalDataLink {
  /** The query in the target data source's own shape. */
  readonly query?: unknown;
  readonly datasourceUid?: string;
  readonly datasourceName?: string;
  /** State of Explore's panels, by the panel's kind. */
  readonly panelsState?: unknown;
  readonly transformations?: readonly LinkTransformation[];
  /** RFC 3339 moments. */
  readonly timeRange?: { readonly from: string; readonly to: string };
}

/** Takes variables for a link out of a field's text. */
export interface LinkTransformation {
  readonly type?: "regex" | "logfmt";
  readonly field?: string;
  readonly expression?: string;
  readonly mapValue?: string;
}
