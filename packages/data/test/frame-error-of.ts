import { expect } from "vitest";
import { FrameError } from "../src/index.js";

/** What an action throws, which must be a FrameError. */
export function frameErrorOf(action: () => unknown): FrameError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(FrameError);
    if (error instanceof FrameError) {
      return error;
    }
  }
  throw new Error("nothing was thrown");
}
