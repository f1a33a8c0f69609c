import { describe, expect, it } from "vitest";
import { TemplateMap } from "../backend/template-map.js";

describe("TemplateMap", () => {
  it("knows what it was told, until it is told otherwise", () => {
    const known = new TemplateMap<number>();
    expect(known.get("a")).toBeUndefined();
    known.set("a", 1);
    known.set("b", 2);
    known.set("a", 3);
    expect([known.get("a"), known.get("b")]).toEqual([3, 2]);
    known.delete("a");
    expect([known.get("a"), known.get("b")]).toEqual([undefined, 2]);
  });

  it("forgets the oldest of too many, and keeps none that is very long", () => {
    const known = new TemplateMap<number>();
    for (let n = 0; n < 501; n++) {
      known.set(`${n}`, n);
    }
    known.set("1", 1);
    known.set("501", 501);
    const kept = Array.from({ length: 502 }, (_, n) => known.get(`${n}`) !== undefined);
    expect(kept.flatMap((isKept, n) => (isKept ? [] : [n]))).toEqual([0, 2]);
    known.set("x".repeat(20_000), 1);
    known.set("x".repeat(20_001), 1);
    expect(known.get("x".repeat(20_000))).toBe(1);
    expect(known.get("x".repeat(20_001))).toBeUndefined();
  });
});
