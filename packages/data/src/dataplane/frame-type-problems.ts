import type { Frame } from "../frame.js";
import { type ContractType, isContractType } from "./contract-type.js";
import { logLinesProblems } from "./log-lines.js";
import { numericLongProblems, numericMultiProblems, numericWideProblems } from "./numeric.js";
import { timeSeriesLongProblems, timeSeriesMultiProblems, timeSeriesWideProblems } from "./time-series.js";

/** Says what is wrong with the frames of a type, each of which has fields. */
type Check = (frames: readonly Frame[]) => string[];

const checks: Readonly<Record<ContractType, Check>> = {
  "timeseries-wide": timeSeriesWideProblems,
  "timeseries-long": timeSeriesLongProblems,
  "timeseries-multi": timeSeriesMultiProblems,
  "numeric-wide": numericWideProblems,
  "numeric-long": numericLongProblems,
  "numeric-multi": numericMultiProblems,
  "log-lines": logLinesProblems,
};

/**
 * What Grafana's data plane contract forbids of these frames, which answer one query, in words for the author of a data
 * source. The type is that of the first frame; frames of another type or of none are the contract's remainder, and free.
 *
 * @returns nothing where all is well, where the first frame's `meta.type` is not one that the contract describes, and for
 *   "no data": no frame, or a single one without fields
 */
export function frameTypeProblems(frames: readonly Frame[]): string[] {
  const [first] = frames;
  const type = first?.meta?.type;
  if (first === undefined || !isContractType(type)) {
    return [];
  }
  const typed = frames.filter(({ meta }) => meta?.type === type);
  if (first.fields.length === 0) {
    return typed.length === 1 ? [] : ["the first frame has no fields, which means no data, but there are more frames"];
  }
  const empty = typed.findIndex(({ fields }) => fields.length === 0);
  return empty >= 0 ? [`frame ${empty} has no fields, though others do`] : checks[type](typed);
}
