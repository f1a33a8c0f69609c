import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inTime, unlessAborted } from "../src/calls/in-time.js";
import { callContext } from "./helpers.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("inTime", () => {
  it.each([
    { left: 1_000, aborts: 900 },
    { left: 60_000, aborts: 59_500 },
    { left: 50, aborts: 40 },
  ])("keeps a part of the $left ms to answer in", async ({ left, aborts }) => {
    const { context } = inTime(callContext({ deadline: new Date(Date.now() + left) }));
    await vi.advanceTimersByTimeAsync(Math.max(0, aborts - 1));
    expect(context.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(context.signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it.each([5, -1_000])("has no time for a call with %d ms", async (left) => {
    const { context } = inTime(callContext({ deadline: new Date(Date.now() + left) }));
    await vi.advanceTimersByTimeAsync(0);
    expect(context.signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("leaves a call alone that may take for ever", () => {
    const call = callContext();
    expect(inTime(call).context).toBe(call);
  });

  it("aborts with the call, and when it is stopped", () => {
    const controller = new AbortController();
    const deadline = new Date(Date.now() + 1_000);
    const [first, second] = [1, 2].map(() => inTime(callContext({ deadline, signal: controller.signal })));
    first?.stop();
    expect([first?.context.signal.aborted, second?.context.signal.aborted]).toEqual([true, false]);
    controller.abort(new Error("cancelled"));
    expect(second?.context.signal.reason).toEqual(new Error("cancelled"));
    expect(inTime(callContext({ deadline, signal: controller.signal })).context.signal.aborted).toBe(true);
  });
});

describe("unlessAborted", () => {
  it("gives what the work comes to", async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(signal, () => 1)).toBe(1);
    await expect(
      unlessAborted(signal, () => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
  });

  it("rejects with the signal's reason, and does not begin when it is too late", async () => {
    const controller = new AbortController();
    const hanging = unlessAborted(controller.signal, () => new Promise(() => {}));
    controller.abort(new Error("stop"));
    await expect(hanging).rejects.toThrow("stop");
    const work = vi.fn();
    await expect(unlessAborted(controller.signal, work)).rejects.toThrow("stop");
    expect(work).not.toHaveBeenCalled();
  });
});
