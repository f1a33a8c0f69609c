// @ts-check

/**
 * What came of a suite or a check.
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} skipped names of the tests that did not run
 * @property {readonly string[]} notes sentences on failures that no test stands for
 */

/**
 * @param {number} exitCode
 * @param {{ label: string, skipCode?: number | undefined }} [check] one that skips by an exit code of its own
 * @returns {Tally}
 */
export function tallyCheck(exitCode, check) {
  if (check?.skipCode === exitCode) {
    return { passed: 0, failed: 0, skipped: [check.label], notes: [] };
  }
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: [], notes: [] };
}

/**
 * Counts a suite from its report. What the report cannot show counts as one failure: a report that is missing or broken,
 * a file that did not load, a run without tests, and an exit code that says more than the tests do.
 *
 * @param {string} label for the notes
 * @param {string | null} report the text of vitest's JSON report, null when it wrote none;
 *   its form: https://vitest.dev/guide/reporters.html#json-reporter
 * @param {number} exitCode vitest's
 * @returns {Tally}
 */
export function tallySuite(label, report, exitCode) {
  const files = report === null ? null : parseReport(report);
  if (files === null) {
    return { passed: 0, failed: 1, skipped: [], notes: [`${label} left no readable report.`] };
  }
  let passed = 0;
  let failed = 0;
  /** @type {string[]} */
  const skipped = [];
  /** @type {string[]} */
  const notes = [];
  for (const file of files) {
    const failedBefore = failed;
    for (const test of file.tests) {
      if (test.status === "passed") {
        passed += 1;
      } else if (test.status === "failed") {
        failed += 1;
      } else {
        skipped.push(test.name);
      }
    }
    if (file.status === "failed" && failed === failedBefore) {
      failed += 1;
      notes.push(`${file.name} failed outside of its tests.`);
    }
  }
  if (passed + failed + skipped.length === 0) {
    failed = 1;
    notes.push(`${label} ran no test.`);
  }
  if (exitCode !== 0 && failed === 0) {
    failed = 1;
    notes.push(`${label} ended with exit code ${exitCode} though no test failed.`);
  }
  return { passed, failed, skipped, notes };
}

/**
 * The closing line of `npm test`.
 *
 * @param {readonly Tally[]} tallies
 */
export function summaryLine(tallies) {
  const sum = (/** @type {(tally: Tally) => number} */ of) => tallies.reduce((total, tally) => total + of(tally), 0);
  return `${sum((t) => t.passed)} passed, ${sum((t) => t.failed)} failed, ${sum((t) => t.skipped.length)} skipped`;
}

/**
 * Whether the whole is a success. On CI a skipped test is not: there everything that tests need is provided.
 *
 * @param {readonly Tally[]} tallies
 * @param {boolean} ci
 */
export function succeeded(tallies, ci) {
  return tallies.every((tally) => tally.failed === 0 && (!ci || tally.skipped.length === 0));
}

/**
 * @typedef {{ name: string, status: string, tests: { name: string, status: string }[] }} ReportedFile
 *
 * @param {string} text
 * @returns {ReportedFile[] | null}
 */
function parseReport(text) {
  /** @type {unknown} */
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return null;
  }
  const results = property(report, "testResults");
  if (!Array.isArray(results)) {
    return null;
  }
  return results.map((/** @type {unknown} */ file) => {
    const tests = property(file, "assertionResults");
    return {
      name: String(property(file, "name")),
      status: String(property(file, "status")),
      tests: (Array.isArray(tests) ? tests : []).map((/** @type {unknown} */ test) => ({
        name: String(property(test, "fullName")),
        status: String(property(test, "status")),
      })),
    };
  });
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
function property(value, name) {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
