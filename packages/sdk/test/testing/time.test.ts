import { setImmediate } from "node:timers/promises";
import { frame, numbers } from "@framewright/data";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineDataSource } from "../../src/index.js";
import { testDataSource } from "../../src/testing/index.js";
import { collect } from "../helpers.js";
import { events, weather } from "./weather.js";

beforeEach(() => {
  events.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("with a test's own clock", () => {
  it("an instance that nobody uses is disposed when its time is up", async () => {
    await using client = testDataSource(weather);
    await client.checkHealth();
    await vi.advanceTimersByTimeAsync(59_000);
    await client.checkHealth();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(events).toEqual(["open celsius"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(events).toEqual(["open celsius", "dispose celsius"]);
  });

  it("a replaced instance waits for calls that were on their way, and not for ever for those that use it", async () => {
    const closed: string[] = [];
    const plugin = defineDataSource({
      pluginId: "p",
      open: ({ settings }) => ({ settings, dispose: () => closed.push(String(settings)) }),
      query: (json, { signal }) =>
        json === "hang" ? new Promise((_, reject) => signal.addEventListener("abort", reject)) : frame("f", {}),
    });
    await using client = testDataSource(plugin, { settings: "old" });
    await client.query("quick");
    await client.with({ settings: "new" }).query("quick");
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(250);
    expect(closed).toEqual(["old"]);

    const later = client.with({ settings: "newer" });
    const hanging = collectError(later.query("hang"));
    await later.with({ settings: "newest" }).query("quick");
    await vi.advanceTimersByTimeAsync(4_900);
    expect(closed).toEqual(["old", "new"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(closed).toEqual(["old", "new", "newer"]);
    await client.dispose();
    expect(await hanging).toMatchObject({ code: "UNAVAILABLE" });
  });

  it("a query that is late is answered with 504 before the deadline, the others with their frames", async () => {
    await using client = testDataSource(weather);
    const asked = client.queries(
      [
        { refId: "A", json: {}, queryType: "late" },
        { refId: "B", json: { city: "Bern" } },
      ],
      { timeoutMs: 1_000 },
    );
    // Frames are encoded in a later turn of the event loop, which no clock holds up.
    await setImmediate();
    await setImmediate();
    await vi.advanceTimersByTimeAsync(900);
    const answers = await asked;
    expect(answers.get("A")).toMatchObject({ status: 504, errorSource: "downstream" });
    expect(answers.get("B")).toMatchObject({ status: 200 });
  });

  it("a call that is not answered at its deadline fails", async () => {
    const plugin = defineDataSource({
      pluginId: "p",
      streams: {
        async *run(_path, { deadline }) {
          yield { json: deadline };
          await new Promise(() => {});
        },
      },
    });
    vi.setSystemTime("2026-01-01T00:00:00Z");
    await using client = testDataSource(plugin);
    const messages = client.run("x", { timeoutMs: 5_000 });
    expect((await messages.next()).value).toMatchObject({ json: "2026-01-01T00:00:05.000Z" });
    const rest = collectError(collect(messages));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await rest).toMatchObject({ name: "TestCallError", code: "DEADLINE_EXCEEDED" });
  });

  it("time ranges that nobody gave end with the clock's now", async () => {
    vi.setSystemTime("2026-01-01T06:00:00Z");
    const seen: unknown[] = [];
    const plugin = defineDataSource({
      pluginId: "p",
      query(_query, { timeRange }) {
        seen.push(timeRange);
        return frame("f", { n: numbers([1]) });
      },
    });
    await using client = testDataSource(plugin);
    await client.query({});
    expect(seen).toEqual([{ from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-01-01T06:00:00Z") }]);
  });
});

function collectError(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: unknown) => error,
  );
}
