import type { TypedColumn } from "../column.js";
import type { Field } from "../field.js";
import type { Frame } from "../frame.js";
import { isValueField, repeatedItems, repeatedNames, repeatedRows } from "./items.js";

/*
 * What the contract says of time series: https://grafana.com/developers/dataplane/timeseries
 * Its readers look only at time fields that are not nullable.
 */

/** What is wrong with one frame of many series that share their times. */
export function timeSeriesWideProblems(frames: readonly Frame[]): string[] {
  return onlyFrame(frames, (frame) => {
    const values = frame.fields.filter(isValueField);
    return [...timeProblems(frame, "different"), ...valueProblems(values), ...repeatedItems(values)];
  });
}

/** What is wrong with one frame of the rows of many series. */
export function timeSeriesLongProblems(frames: readonly Frame[]): string[] {
  return onlyFrame(frames, (frame) => {
    const factors = frame.fields.filter(({ column }) => column.type === "string");
    const problems = [
      ...timeProblems(frame, "repeated"),
      ...valueProblems(frame.fields.filter(isValueField)),
      ...repeatedNames(factors),
    ];
    const time = timeColumn(frame);
    return problems.length > 0 || time === undefined
      ? problems
      : repeatedRows(factors, frame.length, "time and text", time.values);
  });
}

/** What is wrong with frames of one series each. */
export function timeSeriesMultiProblems(frames: readonly Frame[]): string[] {
  const problems = frames.flatMap((frame, index) => {
    const found = [...timeProblems(frame, "different"), ...valueProblems(frame.fields.filter(isValueField))];
    return frames.length === 1 ? found : found.map((problem) => `frame ${index}: ${problem}`);
  });
  return [...problems, ...repeatedItems(frames.flatMap((frame) => frame.fields.find(isValueField) ?? []))];
}

function onlyFrame(frames: readonly Frame[], problemsOf: (frame: Frame) => string[]): string[] {
  const [first, ...more] = frames;
  const several = more.length === 0 ? [] : [`there are ${frames.length} frames of the type, where there may be one`];
  return first === undefined ? [] : [...several, ...problemsOf(first)];
}

function valueProblems(values: readonly Field[]): string[] {
  return values.length === 0 ? ["there is no field of numbers or booleans"] : [];
}

function timeColumn({ fields }: Frame): TypedColumn<"time"> | undefined {
  return fields.map(({ column }) => column).find((column) => column.type === "time");
}

function timeProblems(frame: Frame, times: "different" | "repeated"): string[] {
  const field = frame.fields.find(({ column }) => column.type === "time");
  const column = timeColumn(frame);
  if (field === undefined || column === undefined) {
    return ["there is no time field"];
  }
  const name = `the time field ${JSON.stringify(field.name)}`;
  if (field.nullable) {
    return [`${name} is nullable, and readers look only for one that is not`];
  }
  for (let row = 1; row < column.length; row++) {
    const before = column.values[row - 1] ?? 0n;
    const time = column.values[row] ?? 0n;
    if (time < before) {
      return [`${name} is not in ascending order: row ${row} is before row ${row - 1}`];
    }
    if (time === before && times === "different") {
      return [`${name} repeats itself: row ${row} has the time of row ${row - 1}`];
    }
  }
  return [];
}
