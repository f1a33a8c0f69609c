import { describe, FrameError } from "../frame-error.js";

/** Where in a row a value is: a key, a path of keys, an index, or a function of the row and its number. */
export type RowSource<Row> = RowPath<Row> | ((row: Row, index: number) => unknown);

/**
 * The keys of a row, and the paths into what is nested in it. Any text where nothing is known of the row's type, and
 * indexes where rows are arrays.
 */
export type RowPath<Row> =
  IsKnown<Row> extends false ? string | number : [Row] extends [readonly unknown[]] ? number : PathsOf<Row, 4>;

/** Whether a type says anything of rows: `unknown`, `any`, `object` and `never` do not. */
type IsKnown<Row> = unknown extends Row
  ? false
  : [Row] extends [never]
    ? false
    : [keyof Row] extends [never]
      ? false
      : true;

/** Names of fields that need no source: the keys of rows; any, where rows are arrays or nothing is known of them. */
export type KeysOf<Row> =
  IsKnown<Row> extends false
    ? string
    : [Row] extends [readonly unknown[]]
      ? string
      : Row extends unknown
        ? keyof Row
        : never;

/** Paths of up to `Depth` keys. */
type PathsOf<T, Depth extends number> = T extends Leaf
  ? never
  : T extends readonly unknown[]
    ? `${number}` | `${number}.${PathsBelow<T[number], Depth>}`
    : { [K in keyof T & string]-?: Key<K> | `${Key<K>}.${PathsBelow<T[K], Depth>}` }[keyof T & string];

type PathsBelow<T, Depth extends number> = unknown extends T
  ? string
  : Depth extends 1
    ? never
    : PathsOf<NonNullable<T>, OneLess[Depth]>;

type OneLess = readonly [never, never, 1, 2, 3] & { readonly [depth: number]: number };

/** What no path goes into. */
type Leaf = string | number | bigint | boolean | symbol | null | undefined | Date | ((...args: never[]) => unknown);

/** A key with a dot would be read as a path. */
type Key<K extends string> = string extends K ? K : K extends `${string}.${string}` ? never : K;

/** Any object or array, whose members may be anything. */
export interface Keyed {
  readonly [key: string | number]: unknown;
}

/** Takes a value out of row number `index`; `undefined` where there is none. */
export type ReadRow<Row> = (row: Row & Keyed, index: number) => unknown;

/** Whether there can be members in a value. */
export function isKeyed(value: unknown): value is Keyed {
  return typeof value === "object" && value !== null;
}

/**
 * A reader of what `source` names.
 * @param arrays whether the rows are arrays
 * @param field the field's name, for errors
 * @throws {FrameError} naming the field, if the source is none for such rows
 */
export function rowReader<Row>(source: RowSource<Row>, arrays: boolean, field: string): ReadRow<Row> {
  if (typeof source === "function") {
    return readBy(source, field);
  }
  if ((typeof source === "number") !== arrays) {
    const kind = arrays ? "arrays" : "objects";
    throw new FrameError(`the rows are ${kind}, in which ${describe(source)} names no place`, { field });
  }
  if (typeof source === "number") {
    return keyReader(source);
  }
  const [first = "", ...rest] = source.split(".");
  const read = keyReader(first);
  return rest.length === 0 ? read : (row, index) => walk(read(row, index), first, rest, field, index);
}

/** A reader of one index, or of one key, which may be any text. */
export function keyReader(key: string | number): ReadRow<unknown> {
  // Every object has these from its prototype, and they are nobody's values.
  return key in Object.prototype ? (row) => (Object.hasOwn(row, key) ? row[key] : undefined) : (row) => row[key];
}

function readBy<Row>(source: (row: Row, index: number) => unknown, field: string): ReadRow<Row> {
  return (row, index) => {
    try {
      return source(row, index);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new FrameError(`its "from" failed: ${message}`, { field, row: index }, { cause });
    }
  };
}

/** Goes on from the value at `key` along the keys of `rest`. What is missing on the way is a row without a value. */
function walk(value: unknown, key: string, rest: readonly string[], field: string, row: number): unknown {
  let at = value;
  let last = key;
  for (const next of rest) {
    if (at === null || at === undefined) {
      return undefined;
    }
    if (!isKeyed(at)) {
      throw new FrameError(`${describe(at)} stands at "${last}", where the path needs an object`, { field, row });
    }
    at = keyReader(next)(at, row);
    last = next;
  }
  return at;
}
