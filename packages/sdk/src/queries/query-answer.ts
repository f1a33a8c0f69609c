import type { Frame } from "@framewright/data";
import { PluginError } from "../errors.js";
import { describeValue } from "../validation/describe-value.js";

/**
 * What a query is answered with: a frame, several, or frames that come one after the other.
 *
 * Frames of an async iterable that have the same name and equal fields (name, type, labels, config) are pieces of one: a caller
 * who asked for chunks gets each as it comes, any other one frame with the rows of all.
 */
export type QueryAnswer = Frame | readonly Frame[] | AsyncIterable<Frame>;

/**
 * The frames of an answer, one after the other. Types do not reach plain JavaScript, nor what was cast, so each is looked at.
 *
 * @throws PluginError when there is something else among them
 */
export async function* framesOf(answer: unknown): AsyncGenerator<Frame> {
  if (isIterable(answer)) {
    for await (const frame of answer) {
      yield checked(frame, "must yield frames");
    }
    return;
  }
  for (const frame of Array.isArray(answer) ? answer : [answer]) {
    yield checked(frame, "must return a frame or an array of frames");
  }
}

function checked(frame: unknown, rule: string): Frame {
  if (!isFrame(frame)) {
    throw new PluginError(`query ${rule}, not ${describeValue(frame)}`);
  }
  return frame;
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Whether a value is a frame, by what an encoder needs of one. */
export function isFrame(value: unknown): value is Frame {
  return (
    typeof value === "object" && value !== null && "refId" in value && "fields" in value && Array.isArray(value.fields)
  );
}
