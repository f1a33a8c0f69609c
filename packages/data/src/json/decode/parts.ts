import { FrameError } from "../../frame-error.js";
import { decodeUtf8Strictly } from "../../utf8.js";
import { accept, type Cursor, eachElement, expect, peek, readText, readValue, unexpected } from "./cursor.js";

/** A piece of the whole JSON. */
export interface Part {
  readonly json: string;
  /** At which character of the whole it begins. */
  readonly start: number;
}

/** The pieces of a frame's values. */
export interface DataParts {
  /** The list of each field's values. */
  readonly values: readonly Part[] | undefined;
  readonly entities: Part | undefined;
  readonly nanos: Part | undefined;
}

/**
 * Takes a frame's JSON apart, in one pass and without looking into the pieces: what the values mean is known only with the
 * schema, which may come after them.
 * @throws {FrameError} if it is no such JSON
 */
export function readParts(json: string | Uint8Array): {
  readonly schema: Part | undefined;
  readonly data: DataParts | undefined;
} {
  const cursor: Cursor = { text: typeof json === "string" ? json : textOf(json), start: 0, at: 0 };
  let schema: Part | undefined;
  let data: DataParts | undefined;
  eachMember(cursor, (key) => {
    if (key === "data") {
      data = readDataParts(cursor);
    } else {
      const part = readPart(cursor);
      schema = key === "schema" ? part : schema;
    }
  });
  if (peek(cursor) !== "") {
    throw unexpected(cursor, "the end");
  }
  return { schema, data };
}

function readDataParts(cursor: Cursor): DataParts {
  let values: readonly Part[] | undefined;
  let entities: Part | undefined;
  let nanos: Part | undefined;
  eachMember(cursor, (key) => {
    if (key === "values") {
      const lists: Part[] = [];
      eachElement(cursor, () => lists.push(readPart(cursor)));
      values = lists;
    } else {
      const part = readPart(cursor);
      entities = key === "entities" ? part : entities;
      nanos = key === "nanos" ? part : nanos;
    }
  });
  return { values, entities, nanos };
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8Strictly(bytes);
  } catch {
    throw new FrameError("the JSON is damaged: it is not valid UTF-8");
  }
}

function readPart(cursor: Cursor): Part {
  const json = readValue(cursor);
  return { json, start: cursor.start + cursor.at - json.length };
}

/** Reads an object, in which `read` reads the value of one member. */
function eachMember(cursor: Cursor, read: (key: string) => void): void {
  expect(cursor, "{");
  if (accept(cursor, "}")) {
    return;
  }
  do {
    const key = readText(cursor);
    expect(cursor, ":");
    read(key);
  } while (accept(cursor, ","));
  expect(cursor, "}");
}
