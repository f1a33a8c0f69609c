/**
 * Where a click on a value leads.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_config.go
 */
export interface DataLink {
  /** What the link is called in the panel's menu. */
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
  /** The data source that the link asks. */
  readonly datasourceUid?: string;
  /** Its name, where the panel shows it. */
  readonly datasourceName?: string;
  /** State of Explore's panels, by the panel's kind. */
  readonly panelsState?: unknown;
  /** What of the row's values becomes variables of the query. */
  readonly transformations?: readonly LinkTransformation[];
  /** RFC 3339 moments. */
  readonly timeRange?: { readonly from: string; readonly to: string };
}

/** Takes variables for a link out of a field's text. */
export interface LinkTransformation {
  /** How the value is read: by a regular expression, or as logfmt. */
  readonly type?: "regex" | "logfmt";
  /** The field that the value is read from; the link's own unless given. */
  readonly field?: string;
  /** The regular expression. */
  readonly expression?: string;
  /** The name of the variable that the value becomes. */
  readonly mapValue?: string;
}
