import type { DataLink, InternalDataLink, LinkTransformation } from "../data-link.js";
import type { EnumFieldConfig, FieldConfig, FieldTypeConfig, Threshold, ThresholdsConfig } from "../field-config.js";
import type {
  RangeToTextMapping,
  SpecialValueMapping,
  SpecialValueMatch,
  ValueMapping,
  ValueMappingResult,
} from "../value-mapping.js";
import {
  anyText,
  anything,
  flag,
  integer,
  listOf,
  number,
  object,
  oneOf,
  type Reader,
  recordOf,
  required,
  text,
  unless,
} from "./shape.js";

/*
 * Reads a field's config, from an author or from JSON, into the members and the order that Go writes:
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_config.go
 */

const freeForm = unless(
  (value: Readonly<Record<string, unknown>>) => Object.keys(value).length === 0,
  recordOf(anything),
);
const isZero = (value: number) => value === 0;
const isFalse = (value: boolean) => !value;

const result = object<ValueMappingResult>({
  text,
  color: text,
  index: unless(isZero, integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)),
});

const mappingKind = oneOf("value", "range", "special");
const specialMatch = oneOf<SpecialValueMatch>("true", "false", "null", "nan", "null+nan", "empty");
const mappingOptions = {
  value: recordOf(result),
  range: object<RangeToTextMapping["options"]>({ from: number, to: number, result }),
  special: object<SpecialValueMapping["options"]>({
    match: specialMatch,
    result,
  }),
};

const mapping: Reader<ValueMapping> = (value, path) => {
  const given = required(
    object<{ type: ValueMapping["type"]; options: unknown }>({ type: mappingKind, options: anything }),
    value,
    path,
  );
  const at = `${path}.options`;
  switch (required(mappingKind, given.type, `${path}.type`)) {
    case "value":
      return { type: "value", options: required(mappingOptions.value, given.options, at) };
    case "range": {
      const options = required(mappingOptions.range, given.options, at);
      return { type: "range", options: { ...options, result: options.result ?? {} } };
    }
    case "special": {
      const options = required(mappingOptions.special, given.options, at);
      const match = required(specialMatch, options.match, `${at}.match`);
      return { type: "special", options: { match, result: options.result ?? {} } };
    }
  }
};

const threshold: Reader<Threshold> = (value, path) => {
  const step = required(object<Threshold>({ value: number, color: text, state: text }), value, path);
  return { value: Number.NEGATIVE_INFINITY, ...step };
};

const thresholds: Reader<ThresholdsConfig> = (value, path) => {
  const read = object<ThresholdsConfig>({ mode: oneOf("absolute", "percentage"), steps: listOf(threshold) })(
    value,
    path,
  );
  return read === undefined ? undefined : { mode: read.mode ?? "absolute", steps: read.steps ?? [] };
};

const enumConfig: Reader<EnumFieldConfig> = (value, path) => {
  const texts = listOf(anyText);
  const read = object<EnumFieldConfig>({ text: texts, color: texts, icon: texts, description: texts })(value, path);
  return read === undefined ? undefined : { text: [], ...read };
};

const transformation = object<LinkTransformation>({
  type: oneOf("regex", "logfmt"),
  field: text,
  expression: text,
  mapValue: text,
});

const timeRange: Reader<NonNullable<InternalDataLink["timeRange"]>> = (value, path) => {
  const read = object<NonNullable<InternalDataLink["timeRange"]>>({ from: text, to: text })(value, path);
  return read === undefined
    ? undefined
    : { from: required(text, read.from, `${path}.from`), to: required(text, read.to, `${path}.to`) };
};

const link = object<DataLink>({
  title: text,
  targetBlank: unless(isFalse, flag),
  url: text,
  internal: object<InternalDataLink>({
    query: anything,
    datasourceUid: text,
    datasourceName: text,
    panelsState: anything,
    transformations: listOf(transformation),
    timeRange,
  }),
});

/** The members of a field's config, each with what reads it. */
export const fieldConfigMembers = {
  displayName: text,
  displayNameFromDS: text,
  path: text,
  description: text,
  filterable: flag,
  writeable: flag,
  unit: text,
  decimals: integer(0, 65_535),
  min: number,
  max: number,
  interval: unless(isZero, number),
  mappings: listOf(mapping),
  thresholds,
  color: freeForm,
  links: listOf(link),
  noValue: text,
  type: object<FieldTypeConfig>({ enum: enumConfig }),
  custom: freeForm,
};

/** Reads a field's config. */
export const readFieldConfig: Reader<FieldConfig> = object<FieldConfig>(fieldConfigMembers);
