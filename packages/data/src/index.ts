export { ArrowError } from "./arrow/arrow-error.js";
export { decodeArrow } from "./arrow/decode/decode-arrow.js";
export { encodeArrow } from "./arrow/encode/encode-arrow.js";
export { bitmapBytes, countBits, emptyBitmap, getBit, setBit } from "./bitmap.js";
export type {
  BooleanColumn,
  Column,
  FieldType,
  Float64Column,
  Int64Column,
  StringColumn,
  TimeColumn,
} from "./column.js";
export { booleanColumn, float64Column, int64Column, stringColumn, timeColumn } from "./columns.js";
export type { DataLink, InternalDataLink, LinkTransformation } from "./data-link.js";
export { type Field, type FieldOptions, field, type Labels, typeOf } from "./field.js";
export type { EnumFieldConfig, FieldConfig, FieldTypeConfig, Threshold, ThresholdsConfig } from "./field-config.js";
export { booleans } from "./fields/booleans.js";
export { integers } from "./fields/integers.js";
export { numbers } from "./fields/numbers.js";
export { strings } from "./fields/strings.js";
export { type TimeValue, times } from "./fields/times.js";
export { type FormatOptions, formatFrame } from "./format/format-frame.js";
export { type Frame, type FrameOptions, frame } from "./frame.js";
export { FrameError } from "./frame-error.js";
export type { DataTopic, FrameMeta, FrameType, Notice, QueryStat, VisType } from "./frame-meta.js";
export { encodeJson } from "./json/encode-json.js";
export { toDate, toMilliseconds } from "./time.js";
export { hasValue, type Value, valueAt, valuesOf } from "./value.js";
export type {
  RangeToTextMapping,
  SpecialValueMapping,
  SpecialValueMatch,
  ValueMapping,
  ValueMappingResult,
  ValueToTextMapping,
} from "./value-mapping.js";
