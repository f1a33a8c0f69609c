// Must stay in old syntax: see run.cjs.
"use strict";

/**
 * Says what is wrong with the running Node, in one sentence, or gives null when it is new enough.
 *
 * @param {string} range what package.json asks for in `engines.node`; only `>=major.minor[.patch]` is understood
 * @param {string} found the running version without a leading v, as in `process.versions.node`
 * @returns {string | null}
 * @throws {Error} when `range` has another form: the check would otherwise pass or fail for no reason
 */
function nodeProblem(range, found) {
  var match = /^>=(\d+(?:\.\d+){0,2})$/.exec(range);
  if (!match || match[1] === undefined) {
    throw new Error('engines.node in package.json must look like ">=20.19", not "' + range + '".');
  }
  if (compareVersions(found, match[1]) >= 0) {
    return null;
  }
  return (
    "Framewright needs Node " +
    match[1] +
    " or newer, and this is Node " +
    found +
    ": install a newer one from https://nodejs.org/en/download and run the command again."
  );
}

/**
 * @param {string} left
 * @param {string} right
 * @returns {number} negative, zero or positive, as left is older than, equal to or newer than right
 */
function compareVersions(left, right) {
  var a = left.split(".");
  var b = right.split(".");
  for (var i = 0; i < 3; i++) {
    var difference = parseInt(a[i] || "0", 10) - parseInt(b[i] || "0", 10);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

exports.nodeProblem = nodeProblem;
