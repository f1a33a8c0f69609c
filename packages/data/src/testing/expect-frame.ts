import type { Frame } from "../frame.js";
import { type CompareOptions, frameDifference } from "./frame-difference.js";

/** Frames that differ. Test runners show errors of this name as failed expectations. */
export class FrameAssertionError extends Error {
  /** The class's name, by which an error is told where `instanceof` does not reach. */
  override readonly name = "AssertionError";
  /** By which Node's test runner tells a failed expectation from a failing program. */
  readonly code = "ERR_ASSERTION";
}

/** What can be expected of frames. */
export interface FrameExpectation {
  /**
   * Expects frames to be equal to others, as `frameDifference` compares them.
   * @throws {FrameAssertionError} that says what differs
   */
  toEqual(expected: Frame | readonly Frame[], options?: CompareOptions): void;
}

/**
 * Expects something of a frame or a list of frames, in a test of any runner.
 *
 * ```ts
 * expectFrame(answer).toEqual(frame("f", { value: numbers([1.5]) }), { ignore: ["refId"] });
 * ```
 */
export function expectFrame(actual: Frame | readonly Frame[]): FrameExpectation {
  return {
    toEqual(expected, options) {
      const difference = frameDifference(actual, expected, options);
      if (difference !== undefined) {
        throw new FrameAssertionError(`the frames are not equal\n\n${difference}`);
      }
    },
  };
}
