import type { Field } from "../field.js";
import { isNumericType } from "../field-type.js";
import type { Frame } from "../frame.js";
import { displayWidth, truncate } from "./display-width.js";
import { oneLine, valueFormatter } from "./format-value.js";

/** How {@link formatFrame} draws. */
export interface FormatOptions {
  /** Rows shown at most; of more, the first and last ones are. Default 20, at least 1. */
  readonly maxRows?: number;
  /** Columns of a terminal that a cell takes at most; a longer text is cut. Default 40, at least 4. */
  readonly maxCellWidth?: number;
  /** Columns of a terminal that the table takes at most; fields that do not fit are left out and counted. Default: no limit. */
  readonly maxWidth?: number;
  /** `ascii` for terminals that cannot draw lines. Default `unicode`. */
  readonly lines?: "unicode" | "ascii";
}

/** One field of the table: its cells and how they stand. */
interface Cells {
  readonly header: readonly string[];
  readonly body: readonly string[];
  readonly width: number;
  readonly alignRight: boolean;
}

/**
 * A frame as a table for a terminal: names, types (`?` where a row may be without a value), units and labels above the
 * rows, the number of rows below. There is no newline at the end.
 *
 * Times are ISO 8601 in UTC with as many digits as they need. Control characters in texts are shown as escapes.
 */
export function formatFrame(frame: Frame, options: FormatOptions = {}): string {
  const { lines: kind = "unicode" } = options;
  const maxRows = Math.max(1, options.maxRows ?? 20);
  const maxCellWidth = Math.max(4, options.maxCellWidth ?? 40);
  const line = kind === "ascii" ? ascii : unicode;

  const head = Math.min(frame.length, frame.length <= maxRows ? frame.length : Math.ceil(maxRows / 2));
  const tail = Math.min(frame.length - head, maxRows - head);
  const rows = [...range(0, head), ...range(frame.length - tail, frame.length)];
  const omitted = frame.length - rows.length;

  const all = frame.fields.map((field) => cellsOf(field, rows, maxCellWidth));
  const shown = fitting(all, options.maxWidth ?? Number.POSITIVE_INFINITY);
  const out = [title(frame)];
  if (shown.length > 0) {
    const headerHeight = Math.max(...shown.map(({ header }) => header.length));
    for (let i = 0; i < headerHeight; i++) {
      out.push(joined(shown, line.vertical, ({ header }) => header[i] ?? ""));
    }
    out.push(shown.map(({ width }) => line.horizontal.repeat(width + 2)).join(line.cross));
    rows.forEach((_, index) => {
      if (omitted > 0 && index === head) {
        out.push(` ${line.dots} ${counted(omitted, "more row")}`);
      }
      out.push(joined(shown, line.vertical, ({ body }) => body[index] ?? ""));
    });
    if (omitted > 0 && tail === 0) {
      out.push(` ${line.dots} ${counted(omitted, "more row")}`);
    }
  }
  const hidden = all.length - shown.length;
  out.push(`${counted(frame.length, "row")}${hidden === 0 ? "" : `, ${counted(hidden, "field")} not shown`}`);
  return out.join("\n");
}

interface Lines {
  readonly vertical: string;
  readonly horizontal: string;
  readonly cross: string;
  readonly dots: string;
}

const unicode: Lines = { vertical: "│", horizontal: "─", cross: "┼", dots: "⋮" };
const ascii: Lines = { vertical: "|", horizontal: "-", cross: "+", dots: "..." };

function title(frame: Frame): string {
  const name = frame.name === "" ? "(unnamed frame)" : oneLine(frame.name);
  return frame.refId === "" ? name : `${name} (${oneLine(frame.refId)})`;
}

function cellsOf(field: Field, rows: readonly number[], maxWidth: number): Cells {
  const { column, config, labels } = field;
  const format = valueFormatter(field, rows);
  const texts = [oneLine(field.name), `${column.type}${field.nullable ? "?" : ""}`];
  if (config?.unit !== undefined && config.unit !== "") {
    texts[1] += ` [${oneLine(config.unit)}]`;
  }
  if (labels !== undefined && Object.keys(labels).length > 0) {
    const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    texts.push(`{${pairs.map(([name, value]) => `${oneLine(name)}=${oneLine(value)}`).join(", ")}}`);
  }
  const header = texts.map((text) => truncate(text, maxWidth));
  const body = rows.map((row) => truncate(format(row), maxWidth));
  const width = [...header, ...body].reduce((most, text) => Math.max(most, displayWidth(text)), 0);
  return { header, body, width, alignRight: isNumericType(column.type) };
}

/** As many fields from the left as fit, and the first one in any case. */
function fitting(all: readonly Cells[], maxWidth: number): Cells[] {
  let used = -1;
  return all.filter(({ width }, index) => {
    used += width + 3;
    return index === 0 || used <= maxWidth;
  });
}

function joined(cells: readonly Cells[], vertical: string, pick: (cells: Cells) => string): string {
  return cells
    .map((field) => {
      const text = pick(field);
      const space = " ".repeat(field.width - displayWidth(text));
      return field.alignRight ? ` ${space}${text} ` : ` ${text}${space} `;
    })
    .join(vertical)
    .trimEnd();
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
