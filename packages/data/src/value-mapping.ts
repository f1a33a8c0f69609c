/**
 * What is shown instead of a value: by the value itself, by a range, or for special values.
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/value_mapping.go
 */
export type ValueMapping = ValueToTextMapping | RangeToTextMapping | SpecialValueMapping;

/** Maps values, written as text, to what is shown. */
export interface ValueToTextMapping {
  readonly type: "value";
  readonly options: Readonly<Record<string, ValueMappingResult>>;
}

/** Maps the numbers from `from` to `to`, both included. An end left out or infinite is open. */
export interface RangeToTextMapping {
  readonly type: "range";
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
  readonly type: "special";
  readonly options: {
    readonly match: SpecialValueMatch;
    readonly result: ValueMappingResult;
  };
}

/** What is shown. */
export interface ValueMappingResult {
  readonly text?: string;
  readonly color?: string;
  /** Place among the mappings in the editor. */
  readonly index?: number;
}
