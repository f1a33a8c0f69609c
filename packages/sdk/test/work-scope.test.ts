import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "../src/log/logger.js";
import { runInScope, watchUncaughtErrors } from "../src/server/calls/work-scope.js";

const lines: Record<string, unknown>[] = [];
const log = createLogger((line) => lines.push(JSON.parse(line)));
const listeners = new Map(
  ["uncaughtException", "unhandledRejection"].map((name) => [name, process.rawListeners(name)]),
);

// In place of those of the test runner, which would take such an error for a failed test.
beforeAll(() => {
  for (const name of listeners.keys()) {
    process.removeAllListeners(name);
  }
  watchUncaughtErrors();
});

afterAll(() => {
  for (const [name, originals] of listeners) {
    process.removeAllListeners(name);
    for (const listener of originals) {
      process.on(name, (...args: unknown[]) => Reflect.apply(listener, process, args));
    }
  }
});

function scope(controller = new AbortController()) {
  return { log, signal: controller.signal };
}

const never = (): Promise<never> => new Promise(() => {});

function throwLater(message: string, ms = 5): void {
  setTimeout(() => {
    throw new Error(message);
  }, ms);
}

async function rejectLater(message: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  throw new Error(message);
}

/** Has V8 collect now, which takes a flag that can be set at run time. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc === "function") {
    gc();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("runInScope", () => {
  it("settles as the work does", async () => {
    expect(await runInScope(scope(), () => 1)).toBe(1);
    expect(await runInScope(scope(), async () => 2)).toBe(2);
    await expect(runInScope(scope(), () => rejectLater("as usual"))).rejects.toThrow("as usual");
    const thrown = runInScope(scope(), () => {
      throw new Error("at once");
    });
    await expect(thrown).rejects.toThrow("at once");
  });

  it("fails the work that an exception or a rejection belongs to, and no other", async () => {
    const work = [
      runInScope(scope(), () => {
        throwLater("thrown");
        return never();
      }),
      runInScope(scope(), () => {
        void rejectLater("rejected");
        return never();
      }),
      runInScope(scope(), () => pause(40)),
    ];
    const outcomes = await Promise.allSettled(work);
    expect(outcomes).toMatchObject([
      { status: "rejected", reason: { message: "thrown" } },
      { status: "rejected", reason: { message: "rejected" } },
      { status: "fulfilled" },
    ]);
    expect(lines.map((line) => [line["@message"], line["error"]])).toEqual([
      ["uncaught exception", expect.stringMatching(/^Error: thrown\n\s+at /)],
      ["unhandled rejection", expect.stringMatching(/^Error: rejected\n\s+at /)],
    ]);
  });

  it("fails the innermost work", async () => {
    const inner: unknown[] = [];
    const outer = runInScope(scope(), async () => {
      const part = runInScope(scope(), () => {
        throwLater("of the part");
        return never();
      });
      inner.push(await part.catch((error: unknown) => error));
      return "whole";
    });
    expect(await outer).toBe("whole");
    expect(inner).toMatchObject([{ message: "of the part" }]);
  });

  it("keeps no answer alive for a part of the work that never ends", async () => {
    // What hangs is kept by a timer, as a client's request would be, and with it the scope that it runs in.
    const timers: NodeJS.Timeout[] = [];
    const hang = (): Promise<never> => new Promise(() => timers.push(setTimeout(() => {}, 60_000)));
    const answers: WeakRef<object>[] = [];
    for (let call = 0; call < 20; call++) {
      const answer = await runInScope(scope(), async () => {
        void runInScope(scope(), hang);
        await pause(1);
        return { rows: new Float64Array(1_000) };
      });
      answers.push(new WeakRef(answer));
    }
    await pause(5);
    collectGarbage();
    expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(3);
    timers.forEach(clearTimeout);
  });

  it("leaves alone what is done already, and what nobody waits for", async () => {
    const outer = runInScope(scope(), async () => {
      await runInScope(scope(), () => throwLater("too late"));
      await pause(30);
      return "whole";
    });
    expect(await outer).toBe("whole");
    const controller = new AbortController();
    let settled = false;
    const abandoned = runInScope(scope(controller), () => {
      throwLater("unwanted", 10);
      return never();
    });
    abandoned.catch(() => {}).finally(() => (settled = true));
    controller.abort();
    await pause(40);
    expect(settled).toBe(false);
    expect(lines.slice(-2).map((line) => line["error"])).toEqual([
      expect.stringMatching(/too late/),
      expect.stringMatching(/unwanted/),
    ]);
  });
});
