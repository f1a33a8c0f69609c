import { readableJson } from "./quoted.js";

/** Where two values that come from JSON differ: a line each, such as `meta.stats[0].value is 1, expected 2`. */
export function jsonDifferences(actual: unknown, expected: unknown, path: string): string[] {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const length = Math.max(actual.length, expected.length);
    return Array.from({ length }, (_, i) => jsonDifferences(actual[i], expected[i], `${path}[${i}]`)).flat();
  }
  if (isObject(actual) && isObject(expected)) {
    const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    return [...keys].flatMap((key) =>
      jsonDifferences(memberOf(actual, key), memberOf(expected, key), `${path}${step(key)}`),
    );
  }
  const [is, should] = [shown(actual), shown(expected)];
  return is === should ? [] : [`${path} is ${is}, expected ${should}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function step(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${readableJson(key)}]`;
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : readableJson(value);
}
