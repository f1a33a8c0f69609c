import { describe, expect, it } from "vitest";
import { succeeded, summaryLine, tallyCheck, tallySuite } from "../src/tally.mjs";

const report = (...files: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: files.map(({ status, tests }, index) => ({
      name: `file-${index}.test.ts`,
      status,
      assertionResults: tests.map((testStatus, test) => ({ status: testStatus, fullName: `test ${index}.${test}` })),
    })),
  });

describe("tallySuite", () => {
  it("counts tests over all files and names the skipped ones", () => {
    const text = report(
      { status: "passed", tests: ["passed", "passed", "skipped"] },
      { status: "failed", tests: ["passed", "failed", "todo", "pending"] },
    );
    expect(tallySuite("unit tests", text, 1)).toEqual({
      passed: 3,
      failed: 1,
      skipped: ["test 0.2", "test 1.2", "test 1.3"],
      notes: [],
    });
  });

  it("counts a file that failed before or after its tests as one failure", () => {
    const text = report({ status: "failed", tests: [] }, { status: "failed", tests: ["passed"] });
    const tally = tallySuite("unit tests", text, 1);
    expect([tally.passed, tally.failed]).toEqual([1, 2]);
    expect(tally.notes).toEqual([
      "file-0.test.ts failed outside of its tests.",
      "file-1.test.ts failed outside of its tests.",
    ]);
  });

  it("fails a run without tests", () => {
    expect(tallySuite("unit tests", report(), 0)).toMatchObject({ failed: 1, notes: ["unit tests ran no test."] });
  });

  it("fails a run whose exit code says more than its tests, as after an unhandled rejection", () => {
    const text = report({ status: "passed", tests: ["passed"] });
    expect(tallySuite("unit tests", text, 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(tallySuite("unit tests", text, 0)).toMatchObject({ passed: 1, failed: 0 });
  });

  it.each([null, "", "{", "[]", "null", '{"testResults": 1}'])("fails on the report %j", (text) => {
    expect(tallySuite("unit tests", text, 0)).toMatchObject({
      passed: 0,
      failed: 1,
      notes: ["unit tests left no readable report."],
    });
  });
});

describe("tallyCheck", () => {
  it("counts a check as one", () => {
    expect(tallyCheck(0)).toMatchObject({ passed: 1, failed: 0, skipped: [] });
    expect(tallyCheck(69)).toMatchObject({ passed: 0, failed: 1, skipped: [] });
  });

  it("counts one that could not run as skipped, by the exit code it declares and no other", () => {
    const check = { label: "go vet", skipCode: 69 };
    expect(tallyCheck(69, check)).toMatchObject({ passed: 0, failed: 0, skipped: ["go vet"] });
    expect(tallyCheck(1, check)).toMatchObject({ passed: 0, failed: 1, skipped: [] });
    expect(tallyCheck(0, { label: "types" })).toMatchObject({ passed: 1, failed: 0, skipped: [] });
  });
});

describe("the closing line", () => {
  const tallies = [
    tallyCheck(0),
    tallyCheck(2),
    tallySuite("unit tests", report({ status: "passed", tests: ["passed", "skipped"] }), 0),
    tallySuite("integration tests", report({ status: "passed", tests: ["passed", "passed"] }), 0),
  ];

  it("sums checks, each as one, and tests", () => {
    expect(summaryLine(tallies)).toBe("4 passed, 1 failed, 1 skipped");
    expect(summaryLine([])).toBe("0 passed, 0 failed, 0 skipped");
  });

  it("is a success only without failures, and on CI only without skipped tests", () => {
    expect(succeeded(tallies, false)).toBe(false);
    const withoutFailure = tallies.filter((tally) => tally.failed === 0);
    expect(succeeded(withoutFailure, false)).toBe(true);
    expect(succeeded(withoutFailure, true)).toBe(false);
    expect(succeeded([tallyCheck(0)], true)).toBe(true);
  });
});
