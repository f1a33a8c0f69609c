import type { Field } from "../field.js";
import { type Frame, frame } from "../frame.js";
import { FrameError } from "../frame-error.js";
import { type ContractType, contractVersions } from "./contract-type.js";
import { frameTypeProblems } from "./frame-type-problems.js";

/**
 * Frames that say what they are: `meta.type` and `meta.typeVersion` are set, and the frames checked to be what the data
 * plane contract says of the type. Grafana then need not guess, in panels, expressions and alert rules.
 *
 * A time field, and the body of log lines, may not be nullable by the contract; they are made so where every row has a value.
 *
 * ```ts
 * const [typed] = withFrameType("timeseries-wide", [wide]);
 * ```
 *
 * @throws {FrameError} with everything that the contract forbids, if there is anything
 */
export function withFrameType(type: ContractType, frames: readonly Frame[]): Frame[] {
  const typed = frames.map(({ name, refId, meta, fields }) =>
    frame(
      name,
      fields.map((field) => strict(type, field)),
      {
        refId,
        meta: { ...meta, type, typeVersion: contractVersions[type] },
      },
    ),
  );
  const problems = frameTypeProblems(typed);
  if (problems.length > 0) {
    throw new FrameError(`this is no ${type}: ${problems.join("; ")}`);
  }
  return typed;
}

function strict(type: ContractType, field: Field): Field {
  const isStrict = field.column.type === "time" || (type === "log-lines" && field.name === "body");
  return isStrict && field.nullable && field.column.nullCount === 0 ? { ...field, nullable: false } : field;
}
