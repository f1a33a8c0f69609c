import type { Field } from "../field.js";
import { isNumericType } from "../field-type.js";
import { displayWidth } from "../format/display-width.js";
import type { Frame } from "../frame.js";
import { configJson, labelsJson } from "../json/field-json.js";
import { frameMetaJson } from "../json/frame-meta-json.js";
import { aligned } from "./aligned.js";
import { cellFormatter } from "./cell-text.js";
import { quoted, readableJson } from "./quoted.js";

/** What a golden text says where there are no frames: an empty file is more likely a mistake. */
export const NO_FRAMES = "no frames";

/**
 * Frames as a text for a golden file: a person can read it, a diff shows what changed, and `parseGolden` makes the same
 * frames of it. Above the rows stand name, refId, meta and fields; below them their number.
 *
 * ```text
 * frame "weather"
 * refId "A"
 * meta.typeVersion [0, 1]
 * field "time" time?
 * field "temperature" float64?
 *   labels {"city": "Bern"}
 *   config.unit "celsius"
 *
 * | "time"               | "temperature" |
 * |----------------------|---------------|
 * | 2024-07-01T12:00:00Z |          21.5 |
 * | 2024-07-01T13:00:00Z |          null |
 * 2 rows
 * ```
 *
 * Exact are all values, but for the bits of a NaN, and names and labels. Of config and meta there is what Grafana gets: members that
 * are empty or unknown to it are left out. Texts are in quotes with JSON's escapes, so that `null` is a row without a
 * value, and line breaks and what cannot be seen are escapes. The text ends with a newline.
 *
 * @throws {FrameError} naming field and member, if a config, labels or the meta hold what Grafana could not read
 */
export function goldenText(frames: Frame | readonly Frame[]): string {
  const list = "fields" in frames ? [frames] : frames;
  return list.length === 0 ? `${NO_FRAMES}\n` : list.map(frameText).join("\n");
}

function frameText(frame: Frame): string {
  const { name, refId, meta, fields, length } = frame;
  const lines = [`frame ${quoted(name)}`];
  if (refId !== "") {
    lines.push(`refId ${quoted(refId)}`);
  }
  lines.push(...memberLines("meta", meta === undefined ? undefined : frameMetaJson(meta)));
  lines.push(...fields.flatMap(fieldLines));
  if (fields.length > 0) {
    lines.push("", ...tableLines(fields, length));
  }
  lines.push(length === 1 ? "1 row" : `${length} rows`, "");
  return lines.join("\n");
}

function fieldLines(field: Field): string[] {
  const { name, nullable, column } = field;
  const labels = labelsJson(field);
  return [
    `field ${quoted(name)} ${column.type}${nullable ? "?" : ""}`,
    ...(labels === undefined ? [] : [`  labels ${readableJson(JSON.parse(labels))}`]),
    ...memberLines("  config", configJson(field)),
  ];
}

/** One line a member, so that a diff shows the one that changed. */
function memberLines(what: string, json: string | undefined): string[] {
  const members: object = json === undefined ? {} : JSON.parse(json);
  return Object.entries(members).map(([key, value]) => `${what}.${key} ${readableJson(value)}`);
}

function tableLines(fields: readonly Field[], length: number): string[] {
  const rows = Array.from({ length }, (_, row) => row);
  const formatters = fields.map((field) => cellFormatter(field, rows));
  const alignRight = fields.map(({ column }) => isNumericType(column.type));
  const header = fields.map(({ name }) => quoted(name));
  const [first = [], ...rest] = aligned(
    [header, ...rows.map((row) => formatters.map((format) => format(row)))],
    alignRight,
  );
  const rule = first.map((cell) => "-".repeat(displayWidth(cell) + 2));
  return [`| ${first.join(" | ")} |`, `|${rule.join("|")}|`, ...rest.map((cells) => `| ${cells.join(" | ")} |`)];
}
