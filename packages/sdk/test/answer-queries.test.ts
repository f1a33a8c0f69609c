import { decodeArrow, frame, numbers } from "@framewright/data";
import { DataFrameFormat, type DataQuery, QueryDataRequest } from "@framewright/protocol";
import { describe, expect, it } from "vitest";
import { DownstreamError } from "../src/index.js";
import { answerQueries } from "../src/queries/answer-queries.js";

function request(refIds: readonly string[], format: DataFrameFormat = DataFrameFormat.ARROW): QueryDataRequest {
  return QueryDataRequest.fromPartial({ queries: refIds.map((refId) => ({ refId })), format });
}

const one = frame("one", { v: numbers([1]) });

describe("answerQueries", () => {
  it("gives each query its frames or its error", async () => {
    const failures: [string, unknown][] = [];
    const answer = async (query: DataQuery) => {
      if (query.refId === "B") {
        throw new DownstreamError("no such table", { status: 404 });
      }
      return one;
    };
    const { responses } = await answerQueries(request(["A", "B", "C"]), answer, (query, error) =>
      failures.push([query.refId, error]),
    );
    expect(responses.get("A")).toMatchObject({ status: 200, error: "" });
    expect(responses.get("B")).toMatchObject({
      status: 404,
      error: "no such table",
      errorSource: "downstream",
      frames: [],
    });
    expect(responses.get("C")).toMatchObject({ status: 200, error: "" });
    expect(failures.map(([refId]) => refId)).toEqual(["B"]);
  });

  it("runs the queries side by side", async () => {
    let running = 0;
    let most = 0;
    await answerQueries(
      request(["A", "B", "C"]),
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return one;
      },
      () => {},
    );
    expect(most).toBe(3);
  });

  it("fills in the refId of a frame that has none, and leaves another one alone", async () => {
    const { responses } = await answerQueries(
      request(["A"]),
      async () => [one, frame("two", { v: numbers([2]) }, { refId: "mine" })],
      () => {},
    );
    expect(responses.get("A")?.frames.map((bytes) => decodeArrow(bytes).refId)).toEqual(["A", "mine"]);
  });

  it("answers no frames to a query that has none", async () => {
    const { responses } = await answerQueries(
      request(["A"]),
      async () => [],
      () => {},
    );
    expect(responses.get("A")).toMatchObject({ frames: [], status: 200, error: "" });
  });

  it.each([
    { answer: undefined, message: "not undefined" },
    { answer: "rows", message: "not rows" },
    { answer: [one, null], message: "not null" },
    { answer: { rows: [1] }, message: "not an object with rows" },
  ])("says so when a handler returns no frame: $message", async ({ answer, message }) => {
    const handler = async () => JSON.parse("null") ?? answer;
    const { responses } = await answerQueries(request(["A"]), handler, () => {});
    expect(responses.get("A")).toMatchObject({
      error: `query must return a frame or an array of frames, ${message}`,
      status: 500,
      errorSource: "plugin",
    });
  });

  it("encodes as JSON where the host asks for it", async () => {
    const { responses } = await answerQueries(
      request(["A"], DataFrameFormat.JSON),
      async () => one,
      () => {},
    );
    const [bytes] = responses.get("A")?.frames ?? [];
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
      schema: { name: "one", refId: "A" },
      data: { values: [[1]] },
    });
    expect(responses.get("A")?.format).toBe(DataFrameFormat.JSON);
  });

  it("refuses two queries of one name without asking either", async () => {
    const asked: string[] = [];
    const answer = async (query: DataQuery) => {
      asked.push(query.refId);
      return one;
    };
    const { responses } = await answerQueries(request(["A", "B", "A"]), answer, () => {});
    expect(responses.get("A")).toMatchObject({ status: 400, errorSource: "downstream" });
    expect(asked).toEqual(["B"]);
  });
});
