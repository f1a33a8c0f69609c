import { type Field, type Frame, frame, type Notice, numbers, strings, valuesOf } from "@framewright/data";
import { describe, expect, it } from "vitest";
import { groupPieces, joinPieces, pieceKey } from "../src/queries/frame-pieces.js";

const joinEach = (frames: readonly Frame[]): Frame[] => groupPieces(frames).map(joinPieces);

describe("the pieces of frames", () => {
  const host = (name: string, options: object = {}): Record<string, Field> => ({ host: strings([name], options) });

  it("are joined by name and fields, whatever the meta says", () => {
    const joined = joinEach([
      frame("load", host("a"), { meta: { custom: { page: 1 } } }),
      frame("load", host("b", { labels: { dc: "x" } })),
      frame("load", host("c"), { meta: { custom: { page: 2 } } }),
    ]);
    expect(joined.map(({ length }) => length)).toEqual([2, 1]);
    expect(joined[0]).toMatchObject({ name: "load", meta: { custom: { page: 1 } } });
    expect(joined[0]?.fields.map((field) => [...valuesOf(field)])).toEqual([["a", "c"]]);
  });

  it.each([
    ["name", frame("other", host("a"))],
    ["labels", frame("load", host("a", { labels: { dc: "x" } }))],
    ["config", frame("load", host("a", { unit: "short" }))],
    ["nullability", frame("load", host("a", { nullable: false }))],
    ["field name", frame("load", { server: strings(["a"]) })],
  ])("are of other frames by another %s", (_what, other) => {
    expect(pieceKey(other)).not.toBe(pieceKey(frame("load", host("a"))));
  });

  it("may be without fields or rows", () => {
    const empty = frame("none", {});
    expect(joinEach([empty, empty])).toEqual([empty]);
    expect(joinEach([])).toEqual([]);
  });

  it("tell of the whole, once, what each has to tell", () => {
    const notice = (text: string): Notice => ({ severity: "warning", text });
    const piece = (value: number, ...notices: Notice[]) =>
      frame(
        "a",
        { n: numbers([value]) },
        { meta: { executedQueryString: "q", ...(notices.length > 0 && { notices }) } },
      );
    const [whole] = joinEach([piece(1), piece(2, notice("x")), piece(3, notice("x"), notice("y"))]);
    expect(whole?.fields.map((field) => [...valuesOf(field)])).toEqual([[1, 2, 3]]);
    expect(whole?.meta).toEqual({ executedQueryString: "q", notices: [notice("x"), notice("y")] });
  });
});
