import { setTimeout } from "node:timers/promises";
import { decodeArrow, type Frame, frame, numbers, valuesOf } from "@framewright/data";
import { DataFrameFormat } from "@framewright/protocol";
import { describe, expect, it } from "vitest";
import { DownstreamError } from "../src/index.js";
import { answerQueries } from "../src/queries/answer-queries.js";
import { queryRun } from "./helpers.js";

const one = frame("one", { v: numbers([1]) });

describe("answerQueries", () => {
  it("gives each query its frames or its error", async () => {
    const run = queryRun(["A", "B", "C"], async (query) => {
      if (query.refId === "B") {
        throw new DownstreamError("no such table", { status: 404 });
      }
      return one;
    });
    const { responses } = await answerQueries(run);
    expect(responses.get("A")).toMatchObject({ status: 200, error: "" });
    expect(responses.get("B")).toMatchObject({
      status: 404,
      error: "no such table",
      errorSource: "downstream",
      frames: [],
    });
    expect(responses.get("C")).toMatchObject({ status: 200, error: "" });
    expect([...responses.keys()]).toEqual(["A", "B", "C"]);
    expect(run.failures.map(([refId]) => refId)).toEqual(["B"]);
  });

  it.each([
    { limit: 10, expected: 5 },
    { limit: 2, expected: 2 },
  ])("runs the queries side by side, up to $limit", async ({ limit, expected }) => {
    let running = 0;
    let most = 0;
    const ask = async () => {
      most = Math.max(most, ++running);
      await setTimeout(5);
      running--;
      return one;
    };
    const { responses } = await answerQueries(queryRun(["A", "B", "C", "D", "E"], ask, { limit }));
    expect(most).toBe(expected);
    expect([...responses.values()].map(({ frames }) => frames.length)).toEqual([1, 1, 1, 1, 1]);
  });

  it("fills in the refId of a frame that has none, and leaves another one alone", async () => {
    const two = frame("two", { v: numbers([2]) }, { refId: "mine" });
    const { responses } = await answerQueries(queryRun(["A"], async () => [one, two]));
    expect(responses.get("A")?.frames.map((bytes) => decodeArrow(bytes).refId)).toEqual(["A", "mine"]);
  });

  it("answers no frames to a query that has none", async () => {
    const { responses } = await answerQueries(queryRun(["A"], async () => []));
    expect(responses.get("A")).toMatchObject({ frames: [], status: 200, error: "" });
  });

  it("joins the pieces that a generator yields, and keeps what a list holds apart", async () => {
    async function* pieces(): AsyncGenerator<Frame> {
      yield one;
      yield frame("other", { v: numbers([9]) });
      yield frame("one", { v: numbers([2, null]) });
    }
    const { responses } = await answerQueries(
      queryRun(["A", "B"], async ({ refId }) => (refId === "A" ? pieces() : [one, one])),
    );
    const read = (refId: string) =>
      responses
        .get(refId)
        ?.frames.map((bytes) => decodeArrow(bytes))
        .map(({ name, fields }) => [name, ...fields.flatMap((field) => [...valuesOf(field)])]);
    expect(read("A")).toEqual([
      ["one", 1, 2, null],
      ["other", 9],
    ]);
    expect(read("B")).toEqual([
      ["one", 1],
      ["one", 1],
    ]);
  });

  it("answers the error of a generator that throws, not what it yielded before", async () => {
    async function* broken(): AsyncGenerator<Frame> {
      yield one;
      throw new DownstreamError("gone away");
    }
    const { responses } = await answerQueries(queryRun(["A"], async () => broken()));
    expect(responses.get("A")).toMatchObject({ error: "gone away", status: 502, frames: [] });
  });

  it("answers a query that is not done in time as such, and the others with their frames", async () => {
    const controller = new AbortController();
    const ask = ({ refId }: { refId: string }) => (refId === "B" ? new Promise<Frame>(() => {}) : Promise.resolve(one));
    const answered = answerQueries(queryRun(["A", "B", "C"], ask, { limit: 2, signal: controller.signal }));
    await setTimeout(20);
    controller.abort(new DOMException("time is up", "TimeoutError"));
    const { responses } = await answered;
    expect([...responses].map(([refId, { error, status }]) => [refId, error, status])).toEqual([
      ["A", "", 200],
      ["B", "time is up", 504],
      ["C", "", 200],
    ]);
  });

  it("closes a generator whose query is not waited for any longer", async () => {
    const controller = new AbortController();
    let closed = false;
    async function* endless(): AsyncGenerator<Frame> {
      try {
        while (true) {
          yield one;
          await setTimeout(1);
        }
      } finally {
        closed = true;
      }
    }
    const answered = answerQueries(queryRun(["A"], async () => endless(), { signal: controller.signal }));
    await setTimeout(10);
    controller.abort(new DOMException("cancelled", "AbortError"));
    expect((await answered).responses.get("A")).toMatchObject({ status: 499 });
    await expect.poll(() => closed).toBe(true);
  });

  it.each([
    { answer: undefined, message: "not undefined" },
    { answer: "rows", message: "not a string" },
    { answer: [one, null], message: "not null" },
    { answer: { rows: [1] }, message: "not an object with rows" },
  ])("says so when a handler returns no frame: $message", async ({ answer, message }) => {
    const ask = async () => JSON.parse("null") ?? answer;
    const { responses } = await answerQueries(queryRun(["A"], ask));
    expect(responses.get("A")).toMatchObject({
      error: `query must return a frame or an array of frames, ${message}`,
      status: 500,
      errorSource: "plugin",
    });
  });

  it("encodes as JSON where the host asks for it", async () => {
    const run = queryRun(["A"], async () => one, { format: DataFrameFormat.JSON });
    const { responses } = await answerQueries(run);
    const [bytes] = responses.get("A")?.frames ?? [];
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
      schema: { name: "one", refId: "A" },
      data: { values: [[1]] },
    });
    expect(responses.get("A")?.format).toBe(DataFrameFormat.JSON);
  });
});
