import type { Field } from "../field.js";
import type { Frame } from "../frame.js";
import { configJson, labelsJson } from "../json/field-json.js";
import { frameMetaJson } from "../json/frame-meta-json.js";
import { cellDifferences, type FieldPair } from "./cell-differences.js";
import { jsonDifferences } from "./json-differences.js";
import { quoted } from "./quoted.js";

/** What of a frame can be left out of a comparison. */
export type FramePart = "name" | "refId" | "meta" | "nullable" | "labels" | "config";

/** How {@link frameDifference} compares. */
export interface CompareOptions {
  /** By how much floating point numbers may differ. Default 0: they must be the same, and -0 is not 0. */
  readonly tolerance?: number;
  /** What does not count. */
  readonly ignore?: readonly FramePart[];
  /** Cells that differ shown at most. Default 10. */
  readonly maxCells?: number;
}

/**
 * What differs between two frames, or two lists of frames, in words for a person: names, refIds, meta, fields, their types, labels
 * and config, the number of rows, and the first of the cells that differ as a table. `undefined` where nothing does.
 *
 * NaN equals NaN. JSON documents may be spaced differently. Meta and config are compared as Grafana gets them, so that a
 * member that is empty is none.
 *
 * @throws {FrameError} naming field and member, if a config, labels or the meta hold what Grafana could not read
 */
export function frameDifference(
  actual: Frame | readonly Frame[],
  expected: Frame | readonly Frame[],
  options: CompareOptions = {},
): string | undefined {
  const frames = listOf(actual);
  const others = listOf(expected);
  const parts: string[] = [];
  if (frames.length !== others.length) {
    parts.push(
      `${counted(frames.length, "frame")} (${namesOf(frames)}), expected ${others.length} (${namesOf(others)})`,
    );
  }
  frames.forEach((frame, index) => {
    const other = others[index];
    const lines = other === undefined ? [] : differences(frame, other, options);
    if (lines.length > 0) {
      const which = frames.length > 1 ? ` ${index + 1} of ${frames.length},` : "";
      parts.push(`frame${which} ${quoted(frame.name)}:`, ...lines.map((line) => `  ${line}`));
    }
  });
  return parts.length === 0 ? undefined : parts.join("\n");
}

function listOf(frames: Frame | readonly Frame[]): readonly Frame[] {
  return "fields" in frames ? [frames] : frames;
}

function differences(actual: Frame, expected: Frame, options: CompareOptions): string[] {
  const { tolerance = 0, ignore = [], maxCells = 10 } = options;
  const counts = (part: FramePart) => !ignore.includes(part);
  const lines: string[] = [];
  for (const part of ["name", "refId"] as const) {
    if (counts(part)) {
      lines.push(...jsonDifferences(actual[part], expected[part], part));
    }
  }
  if (counts("meta")) {
    lines.push(...jsonDifferences(metaOf(actual), metaOf(expected), "meta"));
  }
  const names = namesOf(actual.fields);
  const expectedNames = namesOf(expected.fields);
  if (names !== expectedNames) {
    lines.push(`fields are ${names}, expected ${expectedNames}`);
  }
  const comparable: FieldPair[] = [];
  for (const [index, field] of actual.fields.entries()) {
    const other = expected.fields[index];
    // Where the names differ, so does all the rest, and saying so would tell nothing.
    if (other !== undefined && other.name === field.name) {
      lines.push(...fieldDifferences(field, other, counts).map((line) => `field ${quoted(field.name)}: ${line}`));
      if (field.column.type === other.column.type) {
        comparable.push({ actual: field, expected: other });
      }
    }
  }
  if (actual.length !== expected.length) {
    lines.push(`${counted(actual.length, "row")}, expected ${expected.length}`);
  }
  lines.push(...cellDifferences(comparable, Math.min(actual.length, expected.length), tolerance, maxCells));
  return lines;
}

function fieldDifferences(actual: Field, expected: Field, counts: (part: FramePart) => boolean): string[] {
  const lines: string[] = [];
  if (actual.column.type !== expected.column.type) {
    lines.push(`type is ${actual.column.type}, expected ${expected.column.type}`);
  }
  if (counts("nullable") && actual.nullable !== expected.nullable) {
    lines.push(`is ${nullability(actual)}, expected ${nullability(expected)}`);
  }
  if (counts("labels")) {
    lines.push(...jsonDifferences(parsed(labelsJson(actual) ?? "{}"), parsed(labelsJson(expected) ?? "{}"), "labels"));
  }
  if (counts("config")) {
    lines.push(...jsonDifferences(parsed(configJson(actual) ?? "{}"), parsed(configJson(expected) ?? "{}"), "config"));
  }
  return lines;
}

function nullability({ nullable }: Field): string {
  return nullable ? "nullable" : "not nullable";
}

function metaOf({ meta }: Frame): unknown {
  return meta === undefined ? undefined : parsed(frameMetaJson(meta));
}

function parsed(json: string): unknown {
  return JSON.parse(json);
}

function namesOf(named: readonly { readonly name: string }[]): string {
  return named.length === 0 ? "none" : named.map(({ name }) => quoted(name)).join(", ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
