import { frame, type Notice, numbers, valuesOf } from "@framewright/data";
import { expect, test } from "vitest";
import { joinPieces } from "../src/queries/frame-pieces.js";

test("what the pieces of a frame have to tell is said of the whole, once", () => {
  const notice = (text: string): Notice => ({ severity: "warning", text });
  const piece = (value: number, ...notices: Notice[]) =>
    frame("a", { n: numbers([value]) }, { meta: { executedQueryString: "q", ...(notices.length > 0 && { notices }) } });
  const [whole] = joinPieces([piece(1), piece(2, notice("x")), piece(3, notice("x"), notice("y"))]);
  expect(whole?.fields.map((field) => [...valuesOf(field)])).toEqual([[1, 2, 3]]);
  expect(whole?.meta).toEqual({ executedQueryString: "q", notices: [notice("x"), notice("y")] });
});
