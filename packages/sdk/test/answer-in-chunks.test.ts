import { setTimeout } from "node:timers/promises";
import { decodeArrow, decodeJson, decodeJsonData, type Frame, frame, numbers, valuesOf } from "@framewright/data";
import { DataFrameFormat } from "@framewright/protocol";
import { describe, expect, it } from "vitest";
import { DownstreamError } from "../src/index.js";
import { answerInChunks } from "../src/queries/answer-in-chunks.js";
import { collect, queryRun } from "./helpers.js";

const piece = (name: string, ...values: number[]): Frame => frame(name, { v: numbers(values) });
const numbersOf = ({ fields }: Frame): unknown[] => fields.flatMap((field) => [...valuesOf(field)]);

async function* pieces(...frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames;
}

describe("answerInChunks", () => {
  it("sends each frame of a generator as a piece, those of one frame under one frameId", async () => {
    const run = queryRun(["A"], async () => pieces(piece("a", 1), piece("b", 2), piece("a", 3)));
    const chunks = await collect(answerInChunks(run));
    expect(chunks.map(({ refId, frameId, status }) => [refId, frameId, status])).toEqual([
      ["A", "f0", 200],
      ["A", "f1", 200],
      ["A", "f0", 200],
    ]);
    const frames = chunks.map(({ frame }) => decodeArrow(frame));
    expect(frames.map(numbersOf)).toEqual([[1], [2], [3]]);
    expect(frames.map(({ refId }) => refId)).toEqual(["A", "A", "A"]);
  });

  it("sends the schema once in JSON", async () => {
    const run = queryRun(["A"], async () => pieces(piece("a", 1), piece("a", 2)), { format: DataFrameFormat.JSON });
    const [first = "", second = ""] = (await collect(answerInChunks(run))).map(({ frame }) =>
      new TextDecoder().decode(frame),
    );
    const schema = decodeJson(first);
    expect(numbersOf(schema)).toEqual([1]);
    expect(JSON.parse(second)).toEqual({ data: { values: [[2]] } });
    expect(numbersOf(decodeJsonData(second, schema))).toEqual([2]);
  });

  it("answers with pieces too what is returned at once", async () => {
    const chunks = await collect(answerInChunks(queryRun(["A"], async () => [piece("a", 1), piece("b", 2)])));
    expect(chunks.map(({ frameId }) => frameId)).toEqual(["f0", "f1"]);
  });

  it("ends a query that fails with its error, and goes on with the others", async () => {
    async function* broken(): AsyncGenerator<Frame> {
      yield piece("a", 1);
      throw new DownstreamError("gone away", { status: 503 });
    }
    const run = queryRun(["A", "B"], async ({ refId }) => (refId === "A" ? broken() : pieces(piece("b", 2))));
    const chunks = await collect(answerInChunks(run));
    const of = (wanted: string) =>
      chunks
        .filter(({ refId }) => refId === wanted)
        .map(({ frame, error, status, errorSource }) => [frame.length > 0, error, status, errorSource]);
    expect(of("A")).toEqual([
      [true, "", 200, ""],
      [false, "gone away", 503, "downstream"],
    ]);
    expect(of("B")).toEqual([[true, "", 200, ""]]);
    expect(run.failures.map(([refId]) => refId)).toEqual(["A"]);
  });

  it("asks a query for its next frame when the last one was taken", async () => {
    let made = 0;
    async function* counted(): AsyncGenerator<Frame> {
      while (made < 100) {
        yield piece("a", ++made);
      }
    }
    const chunks = answerInChunks(queryRun(["A"], async () => counted()));
    await chunks.next();
    await setTimeout(20);
    expect(made).toBeLessThanOrEqual(3);
    expect(await collect(chunks)).toHaveLength(99);
  });

  it("closes the generators when nobody takes the answer any more", async () => {
    const closed: string[] = [];
    async function* endless(refId: string): AsyncGenerator<Frame> {
      try {
        while (true) {
          yield piece(refId, 1);
        }
      } finally {
        closed.push(refId);
      }
    }
    const chunks = answerInChunks(queryRun(["A", "B"], async ({ refId }) => endless(refId)));
    await chunks.next();
    await chunks.return(undefined);
    await expect.poll(() => [...closed].sort()).toEqual(["A", "B"]);
  });

  it("ends with the call, also while a query hangs", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const run = queryRun(["A"], () => new Promise(() => {}), { callSignal: signal, signal });
    const ended = collect(answerInChunks(run)).catch((error: unknown) => error);
    await setTimeout(5);
    controller.abort(new Error("the host hung up"));
    expect(await ended).toEqual(new Error("the host hung up"));
  });

  it("says what was not done in time, while the call still is", async () => {
    const time = new AbortController();
    const ask = async ({ refId }: { refId: string }) =>
      refId === "A" ? new Promise<Frame>(() => {}) : pieces(piece("b", 1));
    const chunks = collect(answerInChunks(queryRun(["A", "B"], ask, { signal: time.signal })));
    await setTimeout(20);
    time.abort(new DOMException("time is up", "TimeoutError"));
    expect((await chunks).map(({ refId, status, error }) => [refId, status, error])).toEqual([
      ["B", 200, ""],
      ["A", 504, "time is up"],
    ]);
  });
});
