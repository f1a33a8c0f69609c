/**
 * Data frames: make, read and print them, as Arrow and as Grafana's JSON; time series shapes and what Grafana's contract asks of them.
 *
 * @module
 */
export { alertProblem } from "./alerting/alert-problem.js";
export { ArrowError } from "./arrow/arrow-error.js";
export { decodeArrow } from "./arrow/decode/decode-arrow.js";
export { type EncodeArrowOptions, encodeArrow, encodeArrowInSteps } from "./arrow/encode/encode-arrow.js";
export { bitmapBytes, countBits, emptyBitmap, getBit, setBit } from "./bitmap.js";
export {
  type AppendValues,
  type ColumnBuilder,
  type ColumnBuilderOptions,
  columnBuilder,
  type IntegerColumnBuilder,
  type NumberColumnBuilder,
  type TextColumnBuilder,
  type TimeColumnBuilder,
  type TimeValue,
} from "./build/column-builder.js";
export type {
  BooleanColumn,
  Column,
  ColumnBase,
  ColumnOf,
  FixedArrays,
  JsonColumn,
  StringColumn,
  TextColumnBase,
  TypedColumn,
  TypedColumns,
} from "./column.js";
export { booleanColumn, jsonColumn, stringColumn, typedColumn } from "./columns.js";
export { concatColumns } from "./concat.js";
export type { DataLink, InternalDataLink, LinkTransformation } from "./data-link.js";
export { type ContractType, contractVersions } from "./dataplane/contract-type.js";
export { frameTypeProblems } from "./dataplane/frame-type-problems.js";
export { withFrameType } from "./dataplane/with-frame-type.js";
export { type Field, type FieldOptions, field, type Labels, typeOf } from "./field.js";
export type { EnumFieldConfig, FieldConfig, FieldTypeConfig, Threshold, ThresholdsConfig } from "./field-config.js";
export {
  type FieldType,
  type FixedType,
  fieldTypes,
  type IntegerType,
  isNumericType,
  type NumericType,
} from "./field-type.js";
export { booleans } from "./fields/booleans.js";
export { enums } from "./fields/enums.js";
export { fieldOf, type Values } from "./fields/field-of.js";
export { integers } from "./fields/integers.js";
export { json } from "./fields/json.js";
export { numbers } from "./fields/numbers.js";
export { strings } from "./fields/strings.js";
export { times } from "./fields/times.js";
export { type FormatOptions, formatFrame } from "./format/format-frame.js";
export { type Frame, type FrameOptions, frame } from "./frame.js";
export { FrameError } from "./frame-error.js";
export type { DataTopic, FrameMeta, FrameType, Notice, QueryStat, VisType } from "./frame-meta.js";
export { decodeJson, decodeJsonData } from "./json/decode/decode-json.js";
export { encodeJson, encodeJsonData, encodeJsonSchema } from "./json/encode-json.js";
export { frameFromRows, type RowFields, type RowsOptions } from "./rows/frame-from-rows.js";
export type { Epoch, NamedRowField, RowField } from "./rows/row-field.js";
export type { RowPath, RowSource } from "./rows/row-source.js";
export type { Fill } from "./series/fill.js";
export { type LongToWideOptions, longToWide } from "./series/long-to-wide.js";
export type { Reducer } from "./series/reduce.js";
export { type ResampleOptions, resample } from "./series/resample.js";
export { sortByTime } from "./series/sort-by-time.js";
export { type TimeSeriesSchema, type TimeSeriesShape, timeSeriesSchema } from "./series/time-series-schema.js";
export { toMulti } from "./series/to-multi.js";
export { wideToLong } from "./series/wide-to-long.js";
export { toDate, toMilliseconds } from "./time.js";
export { enumTextAt, hasValue, jsonAt, type Value, valueAt, valuesOf } from "./value.js";
export type {
  RangeToTextMapping,
  SpecialValueMapping,
  SpecialValueMatch,
  ValueMapping,
  ValueMappingResult,
  ValueToTextMapping,
} from "./value-mapping.js";
