import { describe, expect, it } from "vitest";
import { negotiateVersion } from "../src/index.js";

describe("negotiateVersion", () => {
  it.each([
    { offered: "2", supported: [2], chosen: 2, why: "the only one" },
    { offered: "1,2,3", supported: [2, 3, 4], chosen: 3, why: "the highest common one" },
    { offered: "7", supported: [2, 3], chosen: 2, why: "none in common: our lowest" },
    { offered: undefined, supported: [3, 2], chosen: 2, why: "none offered: our lowest" },
    { offered: "x,, 3", supported: [2, 3], chosen: 3, why: "entries that are no numbers are passed over" },
  ] as const)("answers $chosen to $offered: $why", ({ offered, supported, chosen }) => {
    expect(negotiateVersion(offered, supported)).toBe(chosen);
  });
});
