/**
 * What is shown instead of a value: by the value itself, by a range, or for special values.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/value_mapping.go
 */
export type ValueMapping = ValueToTextMapping | RangeToTextMapping | SpecialValueMapping;

/** Maps values, written as text, to what is shown. */
export interface ValueToTextMapping {
  /** Always `value`. */
  readonly type: "value";
  /** What is shown, by the value as a text. */
  readonly options: Readonly<Record<string, ValueMappingResult>>;
}

/** Maps the numbers from `from` to `to`, both included. An end left out or infinite is open. */
export interface RangeToTextMapping {
  /** Always `range`. */
  readonly type: "range";
  /** The range, both ends included, and what is shown for it. */
  readonly options: {
    readonly from?: number;
    readonly to?: number;
    readonly result: ValueMappingResult;
  };
}

/** The values that {@link SpecialValueMapping} can tell. */
export type SpecialValueMatch = "true" | "false" | "null" | "nan" | "null+nan" | "empty";

/** Maps a special value, such as a missing one. */
export interface SpecialValueMapping {
  /** Always `special`. */
  readonly type: "special";
  /** The special value, and what is shown for it. */
  readonly options: {
    readonly match: SpecialValueMatch;
    readonly result: ValueMappingResult;
  };
}

/** What is shown. */
export interface ValueMappingResult {
  /** The text in place of the value. */
  readonly text?: string;
  /** The colour of the text: a name of Grafana's or a CSS colour. */
  readonly color?: string;
  /** Place among the mappings in the editor. */
  readonly index?: number;
}
