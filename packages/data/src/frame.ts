import { checkField, type Field, named } from "./field.js";
import { FrameError } from "./frame-error.js";
import type { FrameMeta } from "./frame-meta.js";

/** A table of equally long fields: what a query is answered with. */
export interface Frame {
  /** The frame's name; may be empty. */
  readonly name: string;
  /** The query this frame answers. The SDK fills it in where it is empty. */
  readonly refId: string;
  /** The columns, all of `length` values. */
  readonly fields: readonly Field[];
  /** What goes with the frame as a whole: notices, its type, the query that was run. */
  readonly meta: FrameMeta | undefined;
  /** Number of rows; 0 for a frame without fields. */
  readonly length: number;
}

/** What can be said of a frame besides its fields. */
export interface FrameOptions {
  /** Default empty. */
  readonly refId?: string;
  /** What goes with the frame as a whole. */
  readonly meta?: FrameMeta;
}

/**
 * Puts fields together to a frame.
 *
 * In the object form the keys are the names. The array form takes each field's own name (the option `name`
 * of `numbers` and the others, or `field`), and so allows for a name twice, and for names such as `"2024"`,
 * which JavaScript moves to the front of an object.
 *
 * ```ts
 * frame("temperature", { time: times([0]), value: numbers([21.5], { unit: "celsius" }) });
 * frame("years", [numbers([1], { name: "2024" }), numbers([2], { name: "2023" })]);
 * ```
 *
 * @throws {FrameError} if the fields differ in length, one that is not nullable has a row without a value, or
 *   an object's key looks like an integer
 */
export function frame(
  name: string,
  fields: Readonly<Record<string, Field>> | readonly Field[],
  options: FrameOptions = {},
): Frame {
  const list = isList(fields) ? fields.map((field) => named(field, field.name)) : fromObject(fields);
  return Object.freeze({
    name,
    refId: options.refId ?? "",
    // Not frozen as the rest is: JavaScriptCore goes through a frozen array several times as slowly.
    fields: list,
    meta: options.meta,
    length: commonLength(list),
  });
}

// Array.isArray does not narrow a union with a readonly array.
function isList(fields: Readonly<Record<string, Field>> | readonly Field[]): fields is readonly Field[] {
  return Array.isArray(fields);
}

function fromObject(fields: Readonly<Record<string, Field>>): Field[] {
  return entriesInOrder(fields).map(([key, field]) => named(field, key));
}

/**
 * The members of an object whose keys are the names of fields.
 * @throws {FrameError} naming the key, if one looks like an integer, so that JavaScript has moved it to the front
 */
export function entriesInOrder<T>(fields: Readonly<Record<string, T>>): [name: string, field: T][] {
  const entries = Object.entries(fields);
  const moved = entries.length > 1 ? entries.find(([key]) => /^(0|[1-9]\d*)$/.test(key)) : undefined;
  if (moved !== undefined) {
    throw new FrameError(
      "JavaScript moves keys that are integers to the front of an object; give the fields as an array, each with its name",
      { field: moved[0] },
    );
  }
  return entries;
}

/**
 * Throws where a frame does not hold together. `frame` makes none such; an object put together by hand may be one.
 */
export function checkFrame({ fields, length }: Frame): void {
  for (const field of fields) {
    checkField(field, field.name);
  }
  const common = commonLength(fields);
  if (length !== common) {
    throw new FrameError(`the frame says that it has ${length} rows, but its fields have ${common}`);
  }
}

function commonLength(fields: readonly Field[]): number {
  const length = fields[0]?.column.length ?? 0;
  if (fields.some((field) => field.column.length !== length)) {
    const lengths = fields.map((field) => `${JSON.stringify(field.name)} has ${field.column.length}`);
    throw new FrameError(`the fields of a frame need equally many rows, but ${lengths.join(", ")}`);
  }
  return length;
}
