/**
 * Parses JSON whose numbers must all fit a float64. Of others `JSON.parse` makes infinities, which JSON has no words for; Go
 * refuses them.
 * @throws {Error} if it is no JSON, or holds such a number
 */
export function parseJson(json: string): unknown {
  return mayBeBeyond.test(json) ? JSON.parse(json, requireFinite) : JSON.parse(json);
}

/** Finds every number from 1e308 on, and many a text besides; most JSON has neither, and is parsed without a second look. */
const mayBeBeyond = /[eE]\+?\d{3}|\d{200}/;

function requireFinite(_: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError("a number is beyond what floating point numbers can hold");
  }
  return value;
}
