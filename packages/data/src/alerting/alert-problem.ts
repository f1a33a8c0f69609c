import { isContractType } from "../dataplane/contract-type.js";
import { frameTypeProblems } from "../dataplane/frame-type-problems.js";
import { labelsText } from "../dataplane/items.js";
import type { Field } from "../field.js";
import { isNumericType } from "../field-type.js";
import type { Frame } from "../frame.js";
import { groupRows } from "../series/groups.js";
import { timeSeriesSchema } from "../series/time-series-schema.js";
import { hasValue } from "../value.js";

/**
 * Why an alert rule, or any other server-side expression, cannot use the frames that answer one query, in words for the
 * author of the data source; `undefined` if it can. No data is something that a rule can use.
 *
 * Grafana reads frames with a type of the data plane contract and a version above 0.0 by that contract, a single frame of
 * one number and texts as a set of numbers, and all others as wide time series. In each case it tells the results apart by
 * their labels, and fails if two have the same.
 *
 * Source: Grafana's pkg/expr (converter.go, dataplane.go, mathexp/type_series.go) and pkg/services/ngalert/eval.
 */
export function alertProblem(frames: readonly Frame[]): string | undefined {
  const [first] = frames;
  if (first === undefined) {
    return undefined;
  }
  const { type, typeVersion = [0, 0] } = first.meta ?? {};
  const hasVersion = typeVersion[0] > 0 || typeVersion[1] > 0;
  if (isContractType(type) && type !== "log-lines" && hasVersion) {
    const [problem] = frameTypeProblems(frames);
    return problem === undefined ? undefined : `the frame says that it is a ${type}, but ${problem}`;
  }
  if (frames.length === 1 && first.fields.length === 0) {
    return undefined;
  }
  if (frames.length === 1 && isNumberTable(first)) {
    return repeatedRow(first);
  }
  for (const [index, frame] of frames.entries()) {
    const problem = wideProblem(frame);
    if (problem !== undefined) {
      return frames.length === 1 ? problem : `frame ${index}: ${problem}`;
    }
  }
  return repeatedLabels(frames);
}

/** Whether the frame has one field of numbers and, apart from it, texts only: what a query with GROUP BY gives. */
function isNumberTable({ fields }: Frame): boolean {
  const numbers = fields.filter(({ column }) => isNumericType(column.type));
  const texts = fields.filter(({ column }) => column.type === "string");
  return numbers.length === 1 && numbers.length + texts.length === fields.length;
}

function repeatedRow({ fields, length }: Frame): string | undefined {
  const texts = fields.filter(({ column }) => column.type === "string");
  const names = texts.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    return `two text fields are called ${JSON.stringify(repeated)}, which become labels; give them different names`;
  }
  const { groups, groupOfRow } = groupRows(texts, length);
  if (groups.length === length) {
    return undefined;
  }
  const seen = new Set<number>();
  const row = groupOfRow.findIndex((group) => seen.size === seen.add(group).size);
  const labels = labelsText(groups[groupOfRow[row] ?? 0]?.labels);
  return `two rows have the labels ${labels}, by which alone an alert rule tells them apart; group the query by its text columns`;
}

function wideProblem(frame: Frame): string | undefined {
  const { shape, time, values } = timeSeriesSchema(frame);
  if (shape === "not") {
    return time < 0
      ? "there is no time field, and more than one number or something else than numbers and texts; return a time series, or one number with texts"
      : "there is a time field but no field of values";
  }
  if (shape === "long") {
    return "it is a long time series, whose texts Grafana does not take for labels; convert it with longToWide, or set its type with withFrameType";
  }
  const field = frame.fields[time];
  if (field !== undefined && field.column.nullCount > 0) {
    let row = 0;
    while (hasValue(field.column, row)) {
      row++;
    }
    return `the time field ${JSON.stringify(field.name)} has no value in row ${row}; leave such rows out of the query`;
  }
  const wrong = values
    .map((index) => frame.fields[index])
    .find((value) => value !== undefined && !isSeriesValue(value));
  return (
    wrong &&
    `the field ${JSON.stringify(wrong.name)} of type ${wrong.column.type} ${
      isNumericType(wrong.column.type)
        ? "has no rows, and without any only float64 is taken for numbers; make it float64"
        : "cannot be read as numbers; leave it out"
    }`
  );
}

/** Whether Grafana can make float64 of the values. Of a field without rows it only knows so by its type. */
function isSeriesValue({ column }: Field): boolean {
  return column.type === "float64" || (isNumericType(column.type) && column.length > 0);
}

function repeatedLabels(frames: readonly Frame[]): string | undefined {
  const seen = new Set<string>();
  for (const frame of frames) {
    for (const index of timeSeriesSchema(frame).values) {
      const labels = labelsText(frame.fields[index]?.labels);
      if (seen.has(labels)) {
        return `two series have the labels ${labels}, by which alone an alert rule tells them apart; give each its own labels, or query one at a time`;
      }
      seen.add(labels);
    }
  }
  return undefined;
}
