import type { DataLink, InternalDataLink, LinkTransformation } from "../data-link.js";
import type { EnumFieldConfig, FieldConfig, FieldTypeConfig, Threshold, ThresholdsConfig } from "../field-config.js";
import type {
  RangeToTextMapping,
  SpecialValueMapping,
  SpecialValueMatch,
  ValueMapping,
  ValueMappingResult,
} from "../value-mapping.js";
import { goObject, goText } from "./go-json.js";
import {
  anyObject,
  anyText,
  anything,
  flag,
  integer,
  limit,
  listOf,
  number,
  object,
  oneOf,
  recordOf,
  required,
  type Shape,
  text,
  unless,
} from "./shape.js";

/*
 * A field's config with the members and the order that Go writes:
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/field_config.go
 */

const least = limit(Number.NEGATIVE_INFINITY);
const most = limit(Number.POSITIVE_INFINITY);
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
  range: object<RangeToTextMapping["options"]>({ from: least, to: most, result }),
  special: object<SpecialValueMapping["options"]>({ match: specialMatch, result }),
};

const mapping: Shape<ValueMapping> = {
  read(value, path) {
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
  },
  write: (value) =>
    goObject([
      ["type", goText(value.type)],
      ["options", writeOptions(value)],
    ]),
};

function writeOptions(value: ValueMapping): string {
  switch (value.type) {
    case "value":
      return mappingOptions.value.write(value.options);
    case "range":
      return mappingOptions.range.write(value.options);
    case "special":
      return mappingOptions.special.write(value.options);
  }
}

const thresholdMembers = object<Threshold>({ value: least, color: text, state: text });

const threshold: Shape<Threshold> = {
  read: (value, path) => ({ value: Number.NEGATIVE_INFINITY, ...required(thresholdMembers, value, path) }),
  write: thresholdMembers.write,
};

const thresholdsMembers = object<ThresholdsConfig>({
  mode: oneOf("absolute", "percentage"),
  steps: listOf(threshold),
});

const thresholds: Shape<ThresholdsConfig> = {
  read(value, path) {
    const read = thresholdsMembers.read(value, path);
    return read === undefined ? undefined : { mode: read.mode ?? "absolute", steps: read.steps ?? [] };
  },
  write: thresholdsMembers.write,
};

const texts = listOf(anyText);
const enumMembers = object<EnumFieldConfig>({ text: texts, color: texts, icon: texts, description: texts });

const enumConfig: Shape<EnumFieldConfig> = {
  read(value, path) {
    const read = enumMembers.read(value, path);
    return read === undefined ? undefined : { text: [], ...read };
  },
  write: enumMembers.write,
};

const transformation = object<LinkTransformation>({
  type: oneOf("regex", "logfmt"),
  field: text,
  expression: text,
  mapValue: text,
});

type LinkTimeRange = NonNullable<InternalDataLink["timeRange"]>;
const timeRangeMembers = object<LinkTimeRange>({ from: text, to: text });

const timeRange: Shape<LinkTimeRange> = {
  read(value, path) {
    const read = timeRangeMembers.read(value, path);
    return read === undefined
      ? undefined
      : { from: required(text, read.from, `${path}.from`), to: required(text, read.to, `${path}.to`) };
  },
  write: timeRangeMembers.write,
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

/** The members of a field's config. */
export const fieldConfigMembers = {
  displayName: text,
  displayNameFromDS: text,
  path: text,
  description: text,
  filterable: flag,
  writeable: flag,
  unit: text,
  decimals: integer(0, 65_535),
  min: least,
  max: most,
  interval: unless(isZero, number),
  mappings: listOf(mapping),
  thresholds,
  color: anyObject,
  links: listOf(link),
  noValue: text,
  type: object<FieldTypeConfig>({ enum: enumConfig }),
  custom: anyObject,
};

/** A field's config. */
export const fieldConfigShape: Shape<FieldConfig> = object<FieldConfig>(fieldConfigMembers);
