import { getBit } from "../bitmap.js";
import type { Column, Float64Column, StringColumn, TimeColumn } from "../column.js";
import type { Field } from "../field.js";
import { fieldTypeNames } from "../field-type.js";
import type { Frame } from "../frame.js";
import { halvesOf, millisecondsAt, nanosecondsPastMillisecondAt } from "../int64.js";
import { textAt } from "../utf8.js";
import { hasValue } from "../value.js";
import { configJson, labelsJson } from "./field-json.js";
import { frameMetaJson } from "./frame-meta-json.js";

/** A field's values as JSON, with what JSON has no words for beside them. */
interface ColumnJson {
  readonly values: string;
  /** Rows of NaN and the infinities, which stand as `null` among the values. */
  readonly entities?: string | undefined;
  /** Nanoseconds by which each row is past its millisecond. */
  readonly nanos?: string | undefined;
}

/**
 * A frame in Grafana's JSON: `schema` and `data`, with the members, the order and the omissions of the Go SDK.
 *
 * Times are milliseconds, rounded down, with the nanoseconds beside them in `nanos`; NaN and the infinities are
 * `null` and their rows stand in `entities`; an int64 is a JSON number with all its digits, which `JSON.parse` rounds
 * beyond 2^53.
 *
 * Format: https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/frame_json.go
 *
 * @throws {FrameError} naming field and member, if a config, labels or the meta hold what Grafana could not read
 */
export function encodeJson(frame: Frame): string {
  return `{"schema":${schemaJson(frame)},"data":${dataJson(frame)}}`;
}

function schemaJson(frame: Frame): string {
  return objectJson([
    ["name", frame.name === "" ? undefined : JSON.stringify(frame.name)],
    ["refId", frame.refId === "" ? undefined : JSON.stringify(frame.refId)],
    ["meta", frame.meta === undefined ? undefined : frameMetaJson(frame.meta)],
    ["fields", `[${frame.fields.map(fieldJson).join(",")}]`],
  ]);
}

function fieldJson(field: Field): string {
  const { frontend, item } = fieldTypeNames[field.column.type];
  return objectJson([
    ["name", field.name === "" ? undefined : JSON.stringify(field.name)],
    ["type", `"${frontend}"`],
    ["typeInfo", field.nullable ? `{"frame":"${item}","nullable":true}` : `{"frame":"${item}"}`],
    ["labels", labelsJson(field)],
    ["config", configJson(field)],
  ]);
}

function dataJson(frame: Frame): string {
  const columns = frame.fields.map((field) => columnJson(field.column));
  return objectJson([
    ["values", `[${columns.map(({ values }) => values).join(",")}]`],
    ["entities", besideJson(columns.map(({ entities }) => entities))],
    ["nanos", besideJson(columns.map(({ nanos }) => nanos))],
  ]);
}

function columnJson(column: Column): ColumnJson {
  switch (column.type) {
    case "time":
      return timesJson(column);
    case "float64":
      return floatsJson(column);
    case "int64":
      return { values: listJson(column, (row) => String(column.values[row])) };
    case "string":
      return { values: stringsJson(column) };
    case "boolean":
      return { values: listJson(column, (row) => (getBit(column.values, row) ? "true" : "false")) };
  }
}

function timesJson(column: TimeColumn): ColumnJson {
  const halves = halvesOf(column.values);
  const nanos: number[] = [];
  let some = false;
  for (let row = 0; row < column.length; row++) {
    const past = hasValue(column, row) ? nanosecondsPastMillisecondAt(halves, row) : 0;
    some ||= past !== 0;
    nanos.push(past);
  }
  return {
    values: listJson(column, (row) => String(millisecondsAt(halves, row))),
    nanos: some ? `[${nanos.join(",")}]` : undefined,
  };
}

function floatsJson(column: Float64Column): ColumnJson {
  const nan: number[] = [];
  const inf: number[] = [];
  const negInf: number[] = [];
  const values = listJson(column, (row) => {
    const value = column.values[row] ?? Number.NaN;
    if (Number.isFinite(value)) {
      // JSON.stringify writes -0 as 0.
      return Object.is(value, -0) ? "-0" : String(value);
    }
    (value > 0 ? inf : value < 0 ? negInf : nan).push(row);
    return "null";
  });
  const entities: [string, string | undefined][] = [
    ["NaN", rowsJson(nan)],
    ["Inf", rowsJson(inf)],
    ["NegInf", rowsJson(negInf)],
  ];
  return { values, entities: entities.some(([, rows]) => rows !== undefined) ? objectJson(entities) : undefined };
}

function stringsJson(column: StringColumn): string {
  return listJson(column, (row) => JSON.stringify(textAt(column, row)));
}

function rowsJson(rows: readonly number[]): string | undefined {
  return rows.length === 0 ? undefined : `[${rows.join(",")}]`;
}

function listJson(column: Column, valueJson: (row: number) => string): string {
  let json = "[";
  for (let row = 0; row < column.length; row++) {
    if (row > 0) {
      json += ",";
    }
    json += hasValue(column, row) ? valueJson(row) : "null";
  }
  return `${json}]`;
}

/** One entry a field, `null` for those without; nothing at all where no field has one. */
function besideJson(entries: readonly (string | undefined)[]): string | undefined {
  return entries.every((entry) => entry === undefined)
    ? undefined
    : `[${entries.map((entry) => entry ?? "null").join(",")}]`;
}

function objectJson(members: readonly (readonly [key: string, json: string | undefined])[]): string {
  const present = members.filter(([, json]) => json !== undefined);
  return `{${present.map(([key, json]) => `"${key}":${json}`).join(",")}}`;
}
