import { describe, FrameError } from "../frame-error.js";
import { goMap, goNumber, goObject, goText, goValue, goVerbatim } from "./go-json.js";

/** A piece of a frame's schema: how it is read from what an author or JSON gives, and how Go would write it. */
export interface Shape<T> {
  /**
   * Reads a value of unknown origin as a `T`, or as nothing where it is absent or empty. `path` names the value in errors.
   * Absent, `null`, `""` and `[]` are one and the same to Grafana, which leaves them out of what it writes.
   * @throws {FrameError} if it is something else
   */
  read(value: unknown, path: string): T | undefined;
  /** What was read, as JSON. */
  write(value: T): string;
}

type Members<T> = { readonly [K in keyof T]-?: Shape<NonNullable<T[K]>> };

/**
 * An object, whose members come out in the order given here. Members not given here are dropped, as the Go SDK drops
 * them.
 */
export function object<T extends object>(members: Members<T>): Shape<Partial<T>> {
  return {
    read(value, path) {
      const source = asObject(value, path);
      if (source === undefined) {
        return undefined;
      }
      const target: Partial<T> = {};
      for (const key in members) {
        const member = members[key].read(source[key], `${path}.${key}`);
        if (member !== undefined) {
          target[key] = member;
        }
      }
      return target;
    },
    write(value) {
      const written: [string, string][] = [];
      for (const key in members) {
        const member = value[key];
        if (member !== undefined && member !== null) {
          written.push([key, members[key].write(member)]);
        }
      }
      return goObject(written);
    },
  };
}

/** An object of any keys. */
export function recordOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    read(value, path) {
      const source = asObject(value, path);
      if (source === undefined) {
        return undefined;
      }
      const entries: [string, T][] = [];
      for (const [key, member] of Object.entries(source)) {
        const result = shape.read(member, `${path}.${key}`);
        if (result !== undefined) {
          entries.push([key, result]);
        }
      }
      return Object.fromEntries(entries);
    },
    write: (value) => goMap(Object.entries(value).map(([key, member]) => [key, shape.write(member)])),
  };
}

/** A list. An element may not be absent unless `shape` makes something of it. */
export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return {
    read(value, path) {
      if (value === undefined || value === null) {
        return undefined;
      }
      if (!Array.isArray(value)) {
        throw new FrameError(`${path}: ${describe(value)} is not a list`);
      }
      const list = value.map((element: unknown, index) => required(shape, element, `${path}[${index}]`));
      return list.length === 0 ? undefined : list;
    },
    write: (value) => `[${value.map((element) => shape.write(element)).join(",")}]`,
  };
}

/** Reads what may not be absent. */
export function required<T>(shape: Pick<Shape<T>, "read">, value: unknown, path: string): T {
  const result = shape.read(value, path);
  if (result === undefined) {
    throw new FrameError(`${path}: is missing`);
  }
  return result;
}

/** A text, which may be empty. */
export const anyText: Shape<string> = {
  read(value, path) {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== "string") {
      throw new FrameError(`${path}: ${describe(value)} is not a text`);
    }
    return value;
  },
  write: goText,
};

/** A text; an empty one counts as absent. */
export const text: Shape<string> = unless((value) => value === "", anyText);

/** One of the given texts. */
export function oneOf<T extends string>(...choices: readonly T[]): Shape<T> {
  return {
    read(value, path) {
      const given = text.read(value, path);
      const found = choices.find((choice) => choice === given);
      if (given !== undefined && found === undefined) {
        throw new FrameError(`${path}: ${describe(given)} is none of ${choices.join(", ")}`);
      }
      return found;
    },
    write: goText,
  };
}

/** A truth value; `false` is not the same as absent. */
export const flag: Shape<boolean> = {
  read(value, path) {
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== "boolean") {
      throw new FrameError(`${path}: ${describe(value)} is neither true nor false`);
    }
    return value;
  },
  write: String,
};

/**
 * A limit. One that is NaN, infinite or `null` becomes `open`, an end without a limit, and is written as `null`.
 */
export function limit(open: number): Shape<number> {
  return {
    read(value, path) {
      const given = value === null ? open : readNumber(value, path);
      return given === undefined || Number.isFinite(given) ? given : open;
    },
    write: goVerbatim,
  };
}

/** A number. Go refuses the whole frame for one that is NaN or infinite. */
export const number: Shape<number> = {
  read(value, path) {
    const given = readNumber(value, path);
    if (given !== undefined && !Number.isFinite(given)) {
      throw new FrameError(`${path}: ${given} cannot be written as JSON`);
    }
    return given;
  },
  write: goNumber,
};

/** A whole number within bounds, which Go would refuse to read otherwise, and with it the whole frame. */
export function integer(least: number, most: number): Shape<number> {
  return {
    read(value, path) {
      const given = readNumber(value, path);
      if (given !== undefined && !(Number.isInteger(given) && given >= least && given <= most)) {
        throw new FrameError(`${path}: ${given} is not a whole number from ${least} to ${most}`);
      }
      return given;
    },
    write: goNumber,
  };
}

/** A free-form value, taken as it is. */
export const anything: Shape<NonNullable<unknown>> = {
  read: (value, path) => (value === undefined || value === null || !isJson(value, path) ? undefined : value),
  write: goValue,
};

/** An object whose members are free-form; an empty one counts as absent. */
export const anyObject: Shape<Readonly<Record<string, unknown>>> = {
  read(value, path) {
    const source = asObject(value, path);
    return source === undefined || !isJson(source, path) || Object.keys(source).length === 0 ? undefined : source;
  },
  write: goValue,
};

/** How deep objects and lists may lie within each other, so that the stack of no caller is too small for them. */
const MOST_LEVELS = 500;

/** Whether JSON has words for a value. Throws where it could never end. */
function isJson(value: NonNullable<unknown>, path: string): boolean {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) {
      throw new FrameError(`${path}: a bigint or an object within itself cannot be written as JSON`, {}, { cause });
    }
  }
  if (isDeeperThan(value, MOST_LEVELS)) {
    throw new FrameError(`${path}: is nested more than ${MOST_LEVELS} levels deep`);
  }
  return json !== undefined;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1)))
  );
}

/** A shape whose value counts as absent where `isEmpty` says so. */
export function unless<T>(isEmpty: (value: T) => boolean, shape: Shape<T>): Shape<T> {
  return {
    read(value, path) {
      const result = shape.read(value, path);
      return result === undefined || isEmpty(result) ? undefined : result;
    },
    write: shape.write,
  };
}

function readNumber(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "number") {
    throw new FrameError(`${path}: ${describe(value)} is not a number`);
  }
  return value;
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
