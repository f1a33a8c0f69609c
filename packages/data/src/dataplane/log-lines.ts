import type { FieldType } from "../field-type.js";
import { isNumericType } from "../field-type.js";
import type { Frame } from "../frame.js";

/*
 * What the contract says of log lines: https://grafana.com/developers/dataplane/logs
 */

/** Fields that the contract names, with their type. Others are free. */
const namedFields: readonly { readonly name: string; readonly type: FieldType; readonly required: boolean }[] = [
  { name: "timestamp", type: "time", required: true },
  { name: "body", type: "string", required: true },
  { name: "severity", type: "string", required: false },
  { name: "id", type: "string", required: false },
  { name: "labels", type: "json", required: false },
  { name: "labelTypes", type: "json", required: false },
];

/** What is wrong with frames of log lines. */
export function logLinesProblems(frames: readonly Frame[]): string[] {
  return frames.flatMap((frame, index) => {
    const problems = [...namedFields.flatMap((named) => fieldProblems(frame, named)), ...nanosecondProblems(frame)];
    return frames.length === 1 ? problems : problems.map((problem) => `frame ${index}: ${problem}`);
  });
}

function fieldProblems({ fields }: Frame, { name, type, required }: (typeof namedFields)[number]): string[] {
  const called = fields.filter((field) => field.name === name);
  const field = called.find(({ column }) => column.type === type);
  if (field === undefined) {
    const [other] = called;
    if (other !== undefined) {
      return [`the field ${JSON.stringify(name)} has the type ${other.column.type}, not ${type}`];
    }
    return required ? [`there is no field ${JSON.stringify(name)} of type ${type}`] : [];
  }
  return required && field.nullable ? [`the field ${JSON.stringify(name)} may not be nullable`] : [];
}

function nanosecondProblems({ fields }: Frame): string[] {
  const field = fields.find(({ name }) => name === "tsNs");
  return field === undefined || isNumericType(field.column.type) ? [] : ['the field "tsNs" does not hold numbers'];
}
