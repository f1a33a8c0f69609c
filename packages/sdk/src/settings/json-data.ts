import { DownstreamError } from "../errors.js";

/** Reads single values of a data source's `jsonData`, each with an error that names it. */
export interface JsonDataReader {
  /** False where it is not set. */
  flag(name: string): boolean;
  /** Undefined where it is not set, or empty. */
  text(name: string): string | undefined;
  /** A length of time that is saved in seconds, in ms. A number in a string is one too, as provisioning files have it. */
  seconds(name: string): number | undefined;
  /** A whole number that is not negative. */
  count(name: string): number | undefined;
  /** Empty where it is not set. */
  texts(name: string): readonly string[];
}

/**
 * Makes a reader of saved settings. Fields that no HTTP client needs are not looked at.
 *
 * @throws DownstreamError (400) from each method, for a value of another type
 */
export function readJsonData(jsonData: unknown): JsonDataReader {
  const get = (name: string): unknown => {
    const value: unknown = typeof jsonData === "object" && jsonData !== null ? Reflect.get(jsonData, name) : undefined;
    // Grafana's forms clear a field by saving null or an empty text.
    return value === null || value === "" ? undefined : value;
  };
  const number = (name: string, what: string): number | undefined => {
    const value = get(name);
    if (value === undefined) {
      return undefined;
    }
    const parsed = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
    if (!(parsed >= 0 && parsed < Number.POSITIVE_INFINITY)) {
      throw settingError(name, `must be ${what}`);
    }
    return parsed;
  };
  return {
    flag(name) {
      const value = get(name) ?? false;
      if (typeof value !== "boolean") {
        throw settingError(name, "must be true or false");
      }
      return value;
    },
    text(name) {
      const value = get(name);
      if (value !== undefined && typeof value !== "string") {
        throw settingError(name, "must be a text");
      }
      return value;
    },
    seconds(name) {
      const seconds = number(name, "a number of seconds, 0 or more");
      return seconds === undefined ? undefined : seconds * 1_000;
    },
    count(name) {
      const count = number(name, "a whole number, 0 or more");
      if (count !== undefined && !Number.isInteger(count)) {
        throw settingError(name, "must be a whole number, 0 or more");
      }
      return count;
    },
    texts(name) {
      const value = get(name) ?? [];
      if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
        throw settingError(name, "must be a list of texts");
      }
      return value;
    },
  };
}

/** The error for a field of `jsonData`, in the form that the settings schema's own errors have. */
export function settingError(name: string, problem: string, cause?: unknown): DownstreamError {
  return new DownstreamError(`settings.${name}: ${problem}`, { status: 400, cause });
}

/** The error for a field of `secureJsonData`. Its value is never part of it. */
export function secretError(name: string, problem: string): DownstreamError {
  return new DownstreamError(`the secret ${name} ${problem}`, { status: 400 });
}
