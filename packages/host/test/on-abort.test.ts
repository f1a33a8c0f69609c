import { describe, expect, it } from "vitest";
import { onAbort } from "../src/client/on-abort.js";

describe("onAbort", () => {
  it("runs every task that was not taken back", () => {
    const controller = new AbortController();
    const done: number[] = [];
    const forget = [1, 2, 3].map((task) => onAbort(controller.signal, () => done.push(task)));
    forget[1]?.();
    controller.abort();
    expect(done).toEqual([1, 3]);
  });

  it("does nothing without a signal", () => {
    expect(() => onAbort(undefined, () => {})()).not.toThrow();
  });
});
