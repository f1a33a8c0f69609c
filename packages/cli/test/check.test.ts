import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { type CheckResult, reportJson, reportText, summarize } from "../src/check/check-plugin.js";
import type { Requirement } from "../src/check/requirement.js";
import { requirementGroups } from "../src/check/requirements/index.js";
import { type CheckOptions, runCheck } from "../src/check/run-check.js";
import { failed, NotApplicable, notApplicable, passed, type Verdict } from "../src/check/verdict.js";

const target = { executable: "/no/such/plugin", context: { pluginId: "x" }, queries: [{}] } as const;

function requirement(id: string, more: Partial<Requirement> = {}): Requirement {
  return { id, title: `does ${id}`, source: "https://example.com", run: async () => passed(), ...more };
}

async function verdicts(requirements: readonly Requirement[], options?: CheckOptions): Promise<Verdict[]> {
  const results = await runCheck(target, [{ name: "group", requirements }], options ?? {});
  return results.map(({ verdict }) => verdict);
}

describe("a check", () => {
  it("gives each requirement its verdict, also when it throws", async () => {
    const requirements = [
      requirement("X1"),
      requirement("X2", { run: async () => failed("a", "b") }),
      requirement("X3", {
        run: async () => {
          throw new Error("boom");
        },
      }),
      requirement("X4", {
        run: async () => {
          throw new NotApplicable("there is none");
        },
      }),
    ];
    expect(await verdicts(requirements)).toEqual([
      passed(),
      failed("a", "b"),
      failed("does X3", "boom"),
      notApplicable("there is none"),
    ]);
  });

  it("does not look at what needs a requirement that was not met", async () => {
    const requirements = [
      requirement("X1", { run: async () => failed("a", "b") }),
      requirement("X2", { needs: ["X1"], run: () => Promise.reject(new Error("looked")) }),
      requirement("X3", { needs: ["X2"], run: () => Promise.reject(new Error("looked")) }),
    ];
    expect((await verdicts(requirements)).slice(1)).toEqual([
      notApplicable("it needs X1, which was not met"),
      notApplicable("it needs X2, which was not met"),
    ]);
  });

  it("takes no longer than a requirement may", async () => {
    const requirements = [requirement("X1", { limitMs: 50, run: () => new Promise(() => {}) })];
    expect(await verdicts(requirements)).toEqual([failed("does X1", "no verdict within 50 ms")]);
  });

  it("counts recommendations only when it is strict", async () => {
    const requirements = [requirement("X1", { level: "recommended", run: async () => failed("a", "b") })];
    expect(await verdicts(requirements)).toEqual([notApplicable("recommended only; expected a, seen b")]);
    expect(await verdicts(requirements, { strict: true })).toEqual([failed("a", "b")]);
  });

  it("stops when it is told to", async () => {
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const requirements = [requirement("X1", { run: () => new Promise(() => {}) })];
    const checking = verdicts(requirements, {
      signal: controller.signal,
      onRequirement: () => controller.abort(reason),
    });
    await expect(checking).rejects.toBe(reason);
  });
});

const results: readonly CheckResult[] = [
  { group: "First", requirement: requirement("X1"), verdict: passed("it"), ms: 1.4 },
  { group: "First", requirement: requirement("X2"), verdict: failed("one", "another\nline"), ms: 1 },
  { group: "Second", requirement: requirement("X10", { level: "recommended" }), verdict: notApplicable("none"), ms: 0 },
];

describe("the report", () => {
  it("is plain text in a log", () => {
    expect(reportText("gpx_x", results, false)).toBe(
      [
        "gpx_x",
        "",
        "First",
        "  ✓ X1  does X1",
        "  ✗ X2  does X2",
        "        expected one",
        "        seen     another",
        "                 line",
        "        source   https://example.com",
        "",
        "Second",
        "  – X10 does X10",
        "        none",
        "",
        "1 passed, 1 failed, 1 not applicable",
      ].join("\n"),
    );
  });

  it("is coloured on a terminal", () => {
    const text = reportText("gpx_x", results, true);
    expect(text).toContain("\x1b[32m✓\x1b[0m X1");
    expect(stripVTControlCharacters(text)).toBe(reportText("gpx_x", results, false));
  });

  it("is JSON for programs", () => {
    expect(JSON.parse(reportJson("gpx_x", results))).toEqual({
      executable: "gpx_x",
      summary: { passed: 1, failed: 1, notApplicable: 1 },
      requirements: [
        expect.objectContaining({ id: "X1", group: "First", level: "required", status: "passed", seen: "it", ms: 1 }),
        expect.objectContaining({ id: "X2", status: "failed", expected: "one", seen: "another\nline" }),
        expect.objectContaining({ id: "X10", level: "recommended", status: "not applicable", why: "none" }),
      ],
    });
    expect(summarize(results)).toEqual({ passed: 1, failed: 1, notApplicable: 1 });
  });
});

describe("the requirements", () => {
  const all = requirementGroups.flatMap(({ requirements }) => requirements);

  it("have an id each, and need only what comes before", () => {
    const before = new Set<string>();
    for (const { id, needs = [] } of all) {
      expect(before.has(id)).toBe(false);
      expect(needs.filter((needed) => !before.has(needed))).toEqual([]);
      before.add(id);
    }
  });

  it("are listed in the README as they are", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rows = readme.split("\n").filter((line) => /^\| [A-Z]\d+ \|/.test(line));
    expect(rows).toEqual(
      all.map(({ id, title, level }) => `| ${id} | ${title}${level === "recommended" ? " | recommended" : " | "} |`),
    );
  });
});
