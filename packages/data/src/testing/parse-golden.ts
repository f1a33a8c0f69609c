import { type FieldType, fieldTypes } from "../field-type.js";
import { type Frame, frame } from "../frame.js";
import { fieldConfigShape } from "../json/field-config-json.js";
import { labelsShape } from "../json/field-json.js";
import { frameMetaShape } from "../json/frame-meta-json.js";
import type { Shape } from "../json/shape.js";
import { GoldenError } from "./golden-error.js";
import {
  acceptLine,
  expectLine,
  type GoldenLines,
  goldenLines,
  inLine,
  jsonIn,
  type LineForm,
  type MatchedLine,
  unexpectedLine,
} from "./golden-lines.js";
import { type GoldenField, readTable } from "./golden-table.js";
import { NO_FRAMES } from "./golden-text.js";
import { unquoted } from "./quoted.js";

const noFramesLine: LineForm = { start: NO_FRAMES, pattern: RegExp(`^${NO_FRAMES}$`), form: NO_FRAMES };
const frameLine: LineForm = { start: "frame", pattern: /^frame (".*")$/, form: 'frame "<name>"' };
const refIdLine: LineForm = { start: "refId", pattern: /^refId (".*")$/, form: 'refId "<refId>"' };
const metaLine: LineForm = { start: "meta", pattern: /^meta\.(\w+) (.+)$/, form: "meta.<member> <JSON>" };
const fieldLine: LineForm = { start: "field", pattern: /^field (".*") (\w+)(\??)$/, form: 'field "<name>" <type>' };
const labelsLine: LineForm = { start: "labels", pattern: /^labels (.+)$/, form: "labels <JSON>" };
const configLine: LineForm = { start: "config", pattern: /^config\.(\w+) (.+)$/, form: "config.<member> <JSON>" };
const countLine: LineForm = { start: "", pattern: /^(\d+) rows?$/, form: "<number> rows" };

/**
 * The frames of a text that `goldenText` made, perhaps edited since: how cells are aligned does not matter, nor do empty
 * lines and the kind of line breaks.
 *
 * @throws {GoldenError} naming the line that is not as `goldenText` would write it
 */
export function parseGolden(text: string): Frame[] {
  const lines = goldenLines(text);
  if (acceptLine(lines, noFramesLine) !== undefined) {
    if (lines.at < lines.list.length) {
      throw unexpectedLine(lines, "the end");
    }
    return [];
  }
  const frames = [readFrame(lines)];
  while (lines.at < lines.list.length) {
    frames.push(readFrame(lines));
  }
  return frames;
}

function readFrame(lines: GoldenLines): Frame {
  const line = expectLine(lines, frameLine);
  const refId = acceptLine(lines, refIdLine);
  const meta = readMembers(lines, metaLine, frameMetaShape);
  const described = readFields(lines);
  const fields = described.length === 0 ? [] : readTable(lines, described);
  const rows = fields[0]?.column.length ?? 0;
  const count = expectLine(lines, countLine);
  if (Number(count.groups[0]) !== rows) {
    throw new GoldenError(`there are ${rows} rows above, not ${count.groups[0]}`, count.number);
  }
  return frame(textIn(line), fields, {
    ...(refId === undefined ? {} : { refId: textIn(refId) }),
    ...(meta === undefined ? {} : { meta }),
  });
}

function readFields(lines: GoldenLines): GoldenField[] {
  const fields: GoldenField[] = [];
  for (let line = acceptLine(lines, fieldLine); line !== undefined; line = acceptLine(lines, fieldLine)) {
    const labels = acceptLine(lines, labelsLine);
    fields.push({
      name: textIn(line),
      type: typeIn(line),
      nullable: line.groups[2] === "?",
      labels: labels && inLine(labels, () => labelsShape.read(jsonIn(labels, labels.groups[0] ?? ""), "labels")),
      config: readMembers(lines, configLine, fieldConfigShape),
    });
  }
  return fields;
}

/** Reads an object of which each member has a line. */
function readMembers<T extends object>(lines: GoldenLines, form: LineForm, shape: Shape<T>): T | undefined {
  const members = new Map<string, unknown>();
  let last: MatchedLine | undefined;
  for (let line = acceptLine(lines, form); line !== undefined; line = acceptLine(lines, form)) {
    const [key = "", json = ""] = line.groups;
    const value = jsonIn(line, json);
    const read = inLine(line, () => shape.read({ [key]: value }, form.start));
    if (members.has(key) || read === undefined || !Object.hasOwn(read, key)) {
      throw new GoldenError(
        `${form.start}.${key} ${members.has(key) ? "stands there twice" : "is unknown or empty"}`,
        line.number,
      );
    }
    members.set(key, value);
    last = line;
  }
  return last && inLine(last, () => shape.read(Object.fromEntries(members), form.start));
}

/** The text in quotes that a line begins with, behind its first word. */
function textIn(line: MatchedLine): string {
  const text = unquoted(line.groups[0] ?? "");
  if (text === undefined) {
    throw new GoldenError(`${line.groups[0]} is no text in quotes`, line.number);
  }
  return text;
}

function typeIn(line: MatchedLine): FieldType {
  const type = fieldTypes.find((each) => each === line.groups[1]);
  if (type === undefined) {
    throw new GoldenError(`${line.groups[1]} is no type of a field`, line.number);
  }
  return type;
}
