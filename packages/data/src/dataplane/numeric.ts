import type { Frame } from "../frame.js";
import { isValueField, repeatedItems, repeatedNames, repeatedRows } from "./items.js";

/*
 * What the contract says of numbers that stand for themselves: https://grafana.com/developers/dataplane/numeric
 */

/** What is wrong with one frame of one row, a field a number. */
export function numericWideProblems(frames: readonly Frame[]): string[] {
  const values = frames.flatMap(({ fields }) => fields.filter(isValueField));
  return [...singleFrame(frames), ...frames.flatMap(rowProblems), ...noValues(values.length), ...repeatedItems(values)];
}

/** What is wrong with frames of one row and one number each. */
export function numericMultiProblems(frames: readonly Frame[]): string[] {
  const values = frames.map(({ fields }) => fields.find(isValueField));
  const missing = values.flatMap((value, index) =>
    value === undefined ? [`frame ${index}: there is no field of numbers or booleans`] : [],
  );
  return [...frames.flatMap(rowProblems), ...missing, ...repeatedItems(values.flatMap((value) => value ?? []))];
}

/** What is wrong with one frame of rows that text tells apart. */
export function numericLongProblems(frames: readonly Frame[]): string[] {
  const [frame] = frames;
  if (frame === undefined) {
    return [];
  }
  const factors = frame.fields.filter(({ column }) => column.type === "string");
  const problems = [
    ...singleFrame(frames),
    ...noValues(frame.fields.filter(isValueField).length),
    ...repeatedNames(factors),
  ];
  if (frame.length > 1 && factors.length === 0) {
    problems.push(`there are ${frame.length} rows, but no text field that tells them apart`);
  }
  return problems.length > 0 ? problems : repeatedRows(factors, frame.length, "texts");
}

function singleFrame(frames: readonly Frame[]): string[] {
  return frames.length === 1 ? [] : [`there are ${frames.length} frames of the type, where there may be one`];
}

function rowProblems({ length }: Frame): string[] {
  return length > 1 ? [`there are ${length} rows, where there may be one`] : [];
}

function noValues(count: number): string[] {
  return count === 0 ? ["there is no field of numbers or booleans"] : [];
}
