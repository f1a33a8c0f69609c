import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { limitTime } from "../backend/time-limit.js";

describe("limitTime", () => {
  it("aborts when the time is up, and says so", async () => {
    const limit = limitTime(new AbortController().signal, 5);
    expect([limit.signal.aborted, limit.isUp]).toEqual([false, false]);
    await expect.poll(() => limit.signal.aborted).toBe(true);
    expect(limit.isUp).toBe(true);
    expect(limit.signal.reason).toMatchObject({ name: "TimeoutError" });
    limit.stop();
  });

  it("aborts with the other signal and its reason, be it long ago", () => {
    for (const isEarly of [true, false]) {
      const outer = new AbortController();
      const reason = new Error("left");
      if (isEarly) {
        outer.abort(reason);
      }
      const limit = limitTime(outer.signal, 60_000);
      outer.abort(reason);
      expect([limit.signal.aborted, limit.isUp]).toEqual([true, false]);
      expect(limit.signal.reason).toBe(reason);
      limit.stop();
    }
  });

  it("does nothing once it was stopped", async () => {
    const outer = new AbortController();
    const limit = limitTime(outer.signal, 5);
    limit.stop();
    outer.abort();
    await delay(20);
    expect([limit.signal.aborted, limit.isUp]).toEqual([false, false]);
  });

  it("is the other signal where there is no limit", () => {
    const { signal } = new AbortController();
    const limit = limitTime(signal, 0);
    expect(limit.signal).toBe(signal);
    expect(limit.isUp).toBe(false);
    limit.stop();
  });

  it("takes more than a timer can wait for", async () => {
    const limit = limitTime(new AbortController().signal, 1e15);
    await delay(20);
    expect(limit.signal.aborted).toBe(false);
    limit.stop();
  });
});
