import { describe, FrameError } from "../frame-error.js";

/**
 * Reads a value of unknown origin as a `T`, or as nothing where it is absent or empty. `path` names the value in errors.
 * Absent, `null`, `""` and `[]` are one and the same to Grafana, which leaves them out of what it writes.
 */
export type Reader<T> = (value: unknown, path: string) => T | undefined;

type Members<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> };

/**
 * Reads an object, whose members come out in the order given here. Members not given here are dropped, as the Go SDK
 * drops them.
 */
export function object<T extends object>(members: Members<T>): Reader<Partial<T>> {
  return (value, path) => {
    const source = asObject(value, path);
    if (source === undefined) {
      return undefined;
    }
    const target: Partial<T> = {};
    for (const key in members) {
      const member = members[key](source[key], `${path}.${key}`);
      if (member !== undefined) {
        target[key] = member;
      }
    }
    return target;
  };
}

/** Reads an object of any keys. */
export function recordOf<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, path) => {
    const source = asObject(value, path);
    if (source === undefined) {
      return undefined;
    }
    const entries: [string, T][] = [];
    for (const [key, member] of Object.entries(source)) {
      const result = read(member, `${path}.${key}`);
      if (result !== undefined) {
        entries.push([key, result]);
      }
    }
    return Object.fromEntries(entries);
  };
}

/** Reads a list. An element may not be absent unless `read` makes something of it. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (!Array.isArray(value)) {
      throw new FrameError(`${path}: ${describe(value)} is not a list`);
    }
    const list = value.map((element: unknown, index) => required(read, element, `${path}[${index}]`));
    return list.length === 0 ? undefined : list;
  };
}

/** Reads what may not be absent. */
export function required<T>(read: Reader<T>, value: unknown, path: string): T {
  const result = read(value, path);
  if (result === undefined) {
    throw new FrameError(`${path}: is missing`);
  }
  return result;
}

/** Reads a text; an empty one counts as absent. */
export const text: Reader<string> = (value, path) => anyText(value, path) || undefined;

/** Reads a text, which may be empty. */
export const anyText: Reader<string> = (value, path) => {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "string") {
    throw new FrameError(`${path}: ${describe(value)} is not a text`);
  }
  return value;
};

/** Reads one of the given texts. */
export function oneOf<T extends string>(...choices: readonly T[]): Reader<T> {
  return (value, path) => {
    const given = text(value, path);
    const found = choices.find((choice) => choice === given);
    if (given !== undefined && found === undefined) {
      throw new FrameError(`${path}: ${describe(given)} is none of ${choices.join(", ")}`);
    }
    return found;
  };
}

/** Reads a truth value; `false` is not the same as absent. */
export const flag: Reader<boolean> = (value, path) => {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "boolean") {
    throw new FrameError(`${path}: ${describe(value)} is neither true nor false`);
  }
  return value;
};

/** Reads a number. */
export const number: Reader<number> = (value, path) => {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "number") {
    throw new FrameError(`${path}: ${describe(value)} is not a number`);
  }
  return value;
};

/** Reads a whole number within bounds, which Go would refuse to read otherwise, and with it the whole frame. */
export function integer(least: number, most: number): Reader<number> {
  return (value, path) => {
    const given = number(value, path);
    if (given !== undefined && !(Number.isInteger(given) && given >= least && given <= most)) {
      throw new FrameError(`${path}: ${given} is not a whole number from ${least} to ${most}`);
    }
    return given;
  };
}

/** Takes a free-form value as it is. */
export const anything: Reader<unknown> = (value) => value ?? undefined;

/** A reader whose result counts as absent where `isEmpty` says so. */
export function unless<T>(isEmpty: (value: T) => boolean, read: Reader<T>): Reader<T> {
  return (value, path) => {
    const result = read(value, path);
    return result === undefined || isEmpty(result) ? undefined : result;
  };
}

/**
 * A value as JSON, in which NaN and the infinities are `null`.
 * @throws {FrameError} if it holds what JSON cannot, such as a bigint or itself
 */
export function toJson(value: object, path: string): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new FrameError(`${path}: a bigint or an object within itself cannot be written as JSON`, {}, { cause });
  }
}

function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isObject(value)) {
    throw new FrameError(`${path}: ${describe(value)} is not an object`);
  }
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
