import { getBit } from "../bitmap.js";
import type { Column, JsonColumn, TypedColumn } from "../column.js";
import type { Field } from "../field.js";
import { fieldTypeNames } from "../field-type.js";
import { checkFrame, type Frame } from "../frame.js";
import { FrameError } from "../frame-error.js";
import { halvesOf, isSafeIntegerAt, millisecondsAt, nanosecondsPastMillisecondAt } from "../int64.js";
import { textReader } from "../utf8.js";
import { hasValue } from "../value.js";
import { configJson, labelsJson } from "./field-json.js";
import { frameMetaJson } from "./frame-meta-json.js";
import {
  goBareText,
  goDocument,
  goFloat32,
  goNumber,
  goNumbers,
  goObject,
  goText,
  goTexts,
  type WriteText,
} from "./go-json.js";

/**
 * A frame in Grafana's JSON: `schema` and `data`, to the letter as the Go SDK writes it.
 *
 * Times are milliseconds, rounded down, with the nanoseconds beside them in `nanos`; NaN and the infinities are
 * `null` and their rows stand in `entities`; 64-bit integers are JSON numbers with all their digits, which `JSON.parse`
 * rounds beyond 2^53 and `decodeJson` does not; an enum's values are places in its texts; JSON documents stand as they are.
 *
 * Format: https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/frame_json.go
 *
 * @throws {FrameError} naming field and member, if a config, labels or the meta hold what Grafana could not read
 */
export function encodeJson(frame: Frame): string {
  return goObject([
    ["schema", schemaJson(frame, whole)],
    ["data", dataJson(frame, whole)],
  ]);
}

/**
 * The schema of a frame alone, as `{"schema": …}`: a stream sends it once and then only data. As in Go, names and labels
 * are not made safe within HTML here.
 * @throws {FrameError} as {@link encodeJson} does
 */
export function encodeJsonSchema(frame: Frame): string {
  return goObject([["schema", schemaJson(frame, part)]]);
}

/**
 * The values of a frame alone, as `{"data": …}`, for a reader that knows the schema. As in Go, JSON documents keep the space
 * between their parts here.
 */
export function encodeJsonData(frame: Frame): string {
  return goObject([["data", dataJson(frame, part)]]);
}

/** In what Go differs when it writes a whole frame or a part of one. */
interface Style {
  /** Names, refIds and labels. */
  readonly text: WriteText;
  readonly document: (document: string) => string;
}

const whole: Style = { text: goText, document: goDocument };
const part: Style = { text: goBareText, document: (document) => document };

function schemaJson(frame: Frame, style: Style): string {
  return goObject([
    ["name", frame.name === "" ? undefined : style.text(frame.name)],
    ["refId", frame.refId === "" ? undefined : style.text(frame.refId)],
    ["meta", frame.meta === undefined ? undefined : frameMetaJson(frame.meta)],
    ["fields", `[${frame.fields.map((field) => fieldJson(field, style)).join(",")}]`],
  ]);
}

function fieldJson(field: Field, { text }: Style): string {
  const { frontend, item } = fieldTypeNames[field.column.type];
  return goObject([
    ["name", field.name === "" ? undefined : text(field.name)],
    ["type", `"${frontend}"`],
    ["typeInfo", field.nullable ? `{"frame":"${item}","nullable":true}` : `{"frame":"${item}"}`],
    ["labels", labelsJson(field, text)],
    ["config", configJson(field)],
  ]);
}

/** A field's values as JSON, with what JSON has no words for beside them. */
interface ColumnJson {
  readonly values: string;
  /** Rows of NaN and the infinities, which stand as `null` among the values. */
  readonly entities?: string | undefined;
  /** Nanoseconds by which each row is past its millisecond. */
  readonly nanos?: string | undefined;
}

function dataJson(frame: Frame, style: Style): string {
  checkFrame(frame);
  const columns = frame.fields.map((field) => columnJson(field, style));
  return goObject([
    ["values", `[${columns.map(({ values }) => values).join(",")}]`],
    ["entities", besideJson(columns.map(({ entities }) => entities))],
    ["nanos", besideJson(columns.map(({ nanos }) => nanos))],
  ]);
}

function columnJson({ name, column }: Field, style: Style): ColumnJson {
  switch (column.type) {
    case "time":
      return timesJson(column);
    case "float32":
      return {
        values: listJson(column, (row) => goFloat32(column.values[row] ?? Number.NaN)),
        ...entitiesJson(column),
      };
    case "float64":
      return { values: float64sJson(column), ...entitiesJson(column) };
    case "string":
      return { values: goTexts(listOf(column, textReader(column))) };
    case "json":
      return { values: documentsJson(column, name, style) };
    case "boolean":
      return { values: JSON.stringify(listOf(column, (row) => getBit(column.values, row))) };
    case "int64":
    case "uint64":
      return { values: wideIntegersJson(column) };
    default:
      return { values: goNumbers(listOf(column, (row) => column.values[row] ?? null)) };
  }
}

function timesJson(column: TypedColumn<"time">): ColumnJson {
  const halves = halvesOf(column.values);
  const nanos: number[] = [];
  let some = false;
  for (let row = 0; row < column.length; row++) {
    const past = hasValue(column, row) ? nanosecondsPastMillisecondAt(halves, row) : 0;
    some ||= past !== 0;
    nanos.push(past);
  }
  return {
    values: goNumbers(listOf(column, (row) => millisecondsAt(halves, row))),
    nanos: some ? JSON.stringify(nanos) : undefined,
  };
}

function wideIntegersJson(column: TypedColumn<"int64" | "uint64">): string {
  const { values } = column;
  const halves = halvesOf(values);
  for (let row = 0; row < column.length; row++) {
    if (!isSafeIntegerAt(halves, row, column.type === "int64") && hasValue(column, row)) {
      return listJson(column, (at) => String(values[at]));
    }
  }
  return goNumbers(listOf(column, (row) => Number(values[row])));
}

function float64sJson(column: TypedColumn<"float64">): string {
  let isPlain = true;
  const numbers = listOf(column, (row) => {
    const value = column.values[row] ?? Number.NaN;
    isPlain &&= value !== 0 || !Object.is(value, -0);
    return value;
  });
  return isPlain ? goNumbers(numbers) : listJson(column, (row) => goNumber(column.values[row] ?? Number.NaN));
}

/** The rows of NaN and the infinities. */
function entitiesJson(column: TypedColumn<"float32" | "float64">): Pick<ColumnJson, "entities"> {
  const nan: number[] = [];
  const inf: number[] = [];
  const negInf: number[] = [];
  for (let row = 0; row < column.length; row++) {
    const value = column.values[row] ?? 0;
    if (!Number.isFinite(value) && hasValue(column, row)) {
      (value > 0 ? inf : value < 0 ? negInf : nan).push(row);
    }
  }
  const entities = [
    ["NaN", rowsJson(nan)],
    ["Inf", rowsJson(inf)],
    ["NegInf", rowsJson(negInf)],
  ] as const;
  return nan.length + inf.length + negInf.length > 0 ? { entities: goObject(entities) } : {};
}

/** The rows' values as an array, which `JSON.stringify` writes several times as fast as they are put together one by one. */
function listOf<T>(column: Column, valueAt: (row: number) => T): (T | null)[] {
  const values: (T | null)[] = [];
  for (let row = 0; row < column.length; row++) {
    values.push(hasValue(column, row) ? valueAt(row) : null);
  }
  return values;
}

function documentsJson(column: JsonColumn, field: string, { document }: Style): string {
  const textAt = textReader(column);
  return listJson(column, (row) => {
    const text = textAt(row);
    // Go writes a document that is empty as null.
    if (text === "") {
      return "null";
    }
    try {
      JSON.parse(text);
    } catch {
      throw new FrameError("is no valid JSON", { field, row });
    }
    return document(text);
  });
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
