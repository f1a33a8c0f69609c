import type { DataLink } from "./data-link.js";
import type { ValueMapping } from "./value-mapping.js";

/**
 * How Grafana shows a field. Everything is optional, and what is empty is not sent.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_config.go
 */
export interface FieldConfig {
  /** Name shown instead of Grafana's own; meant for users, so a data source leaves it alone. */
  readonly displayName?: string;
  /** Name shown instead of Grafana's own, set by the data source; a user's `displayName` wins over it. */
  readonly displayNameFromDS?: string;
  /** Identifies the field within the data source. Default: the frame's `meta.path`, a slash and the name. */
  readonly path?: string;
  /** What the field is, for people. */
  readonly description?: string;
  /** Whether a further query can filter by the field's values. */
  readonly filterable?: boolean;
  /** Whether the data source can store a changed value. */
  readonly writeable?: boolean;
  /** A unit identifier of Grafana's, such as `celsius`, `ms` or `percentunit`, or a text that is shown as it is. */
  readonly unit?: string;
  /** Number of decimal places shown. */
  readonly decimals?: number;
  /** Least value of an axis or gauge. NaN and the infinities are sent as `null`. */
  readonly min?: number;
  /** Greatest value of an axis or gauge. NaN and the infinities are sent as `null`. */
  readonly max?: number;
  /** Regular step between values, in their unit; for time in milliseconds. Grafana finds missing values by it. */
  readonly interval?: number;
  /** Texts and colours shown instead of values. */
  readonly mappings?: readonly ValueMapping[];
  /** Where the value changes its colour. */
  readonly thresholds?: ThresholdsConfig;
  /** Colour scheme, such as `{ mode: "palette-classic" }`. */
  readonly color?: Readonly<Record<string, unknown>>;
  /** Where a click on a value leads. */
  readonly links?: readonly DataLink[];
  /** Shown for a row without a value. */
  readonly noValue?: string;
  /** What only one field type has. */
  readonly type?: FieldTypeConfig;
  /** Options of the panel that shows the field. */
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** What only one field type has. */
export interface FieldTypeConfig {
  /** The texts of an enum field. */
  readonly enum?: EnumFieldConfig;
}

/** Looks of an enum's values; element `i` of each list belongs to the value `i`. */
export interface EnumFieldConfig {
  /** The texts, by place. */
  readonly text: readonly string[];
  /** An empty string is no colour. */
  readonly color?: readonly string[];
  /** An icon for each text, by place. */
  readonly icon?: readonly string[];
  /** A description of each text, by place. */
  readonly description?: readonly string[];
}

/** States that numbers are mapped to. */
export interface ThresholdsConfig {
  /** Whether `value` is meant as it is, or as a percentage between `min` and `max`. */
  readonly mode: "absolute" | "percentage";
  /** By ascending `value`; the first one is -Infinity. */
  readonly steps: readonly Threshold[];
}

/** One step of {@link ThresholdsConfig}. */
export interface Threshold {
  /** Where the step begins. -Infinity is sent as `null`. */
  readonly value: number;
  /** The colour from `value` on: a name of Grafana's or a CSS colour. */
  readonly color?: string;
  /** The state from `value` on, in old alert rules. */
  readonly state?: string;
}
