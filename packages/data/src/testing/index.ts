/**
 * Frames in tests: expect them to be equal, and keep them as texts that a person can read. Works with any test runner.
 *
 * @module
 */
export { expectFrame, FrameAssertionError, type FrameExpectation } from "./expect-frame.js";
export { type CompareOptions, type FramePart, frameDifference } from "./frame-difference.js";
export { GoldenError } from "./golden-error.js";
export { goldenText } from "./golden-text.js";
export { parseGolden } from "./parse-golden.js";
