import { columnBuilder } from "../build/column-builder.js";
import { concatColumns } from "../concat.js";
import { type Field, type Labels, field as makeField } from "../field.js";
import { type Frame, frame } from "../frame.js";
import { FrameError } from "../frame-error.js";
import { compareTexts, goText } from "../json/go-json.js";
import { NO_ROW, takeRows } from "../take.js";
import { encodeUtf8 } from "../utf8.js";
import { convertedMeta } from "./converted-meta.js";
import { requireSize } from "./require-size.js";
import { requireRows, timeSeriesParts } from "./time-index.js";

/** Fields of one set of labels. */
interface LabelSet {
  readonly labels: Labels;
  readonly fields: Field[];
}

/**
 * A wide time series as a long one: a row for each time and set of labels, a field for each name of a value field, and
 * one of text for each label. A series that has no value field of some name has no value there, or 0 where the field is
 * not nullable; one without some label has `""`. Value fields and labels are ordered by name.
 *
 * The result has the type `timeseries-long`. It is as the Go SDK's `WideToLong` does it; unlike there, the refId and the
 * config of the value fields are kept.
 *
 * @throws {FrameError} that names field and row where there are any, if the frame is no wide series, has no rows or a row
 *   without a time, two value fields of one name have different types, or it would become far too large
 */
export function wideToLong(wide: Frame): Frame {
  const { time, values } = timeSeriesParts(wide, ["wide"]);
  requireRows(wide);
  const sets = labelSets(values);
  const names = [...new Set(values.map(({ name }) => name))].sort(compareTexts);
  const labelNames = [...new Set(values.flatMap(({ labels }) => Object.keys(labels ?? {})))].sort(compareTexts);
  requireSize(
    wide.length * sets.length * (1 + names.length + labelNames.length),
    "toMulti makes a frame of each series",
  );
  const length = wide.length * sets.length;
  const timeRows = Int32Array.from({ length }, (_, row) => Math.floor(row / sets.length));
  const longTime = { ...time, nullable: false, labels: undefined, column: takeRows(time.column, timeRows) };
  const fields = [
    longTime,
    ...names.map((name) => valueField(name, values, sets, wide.length)),
    ...labelNames.map((name) => labelField(name, sets, wide.length)),
  ];
  const meta = convertedMeta(wide.meta, { type: "timeseries-long" });
  return frame(wide.name, fields, { refId: wide.refId, meta });
}

/** The different sets of labels, ordered by the JSON of their names and values, as the SDK orders them. */
function labelSets(values: readonly Field[]): LabelSet[] {
  const sets = new Map<string, LabelSet>();
  for (const field of values) {
    const labels = field.labels ?? {};
    const pairs = Object.entries(labels).sort(([a], [b]) => compareTexts(a, b));
    const key = `[${pairs.map(([name, value]) => `[${goText(name)},${goText(value)}]`).join(",")}]`;
    const set = sets.get(key);
    if (set === undefined) {
      sets.set(key, { labels, fields: [field] });
    } else {
      set.fields.push(field);
    }
  }
  return [...sets].sort(([a], [b]) => compareTexts(a, b)).map(([, set]) => set);
}

function valueField(name: string, values: readonly Field[], sets: readonly LabelSet[], times: number): Field {
  const same = values.filter((field) => field.name === name);
  const [first] = same;
  const other = same.find(({ column, nullable }) => column.type !== first?.column.type || nullable !== first.nullable);
  if (first === undefined || other !== undefined) {
    throw new FrameError(
      `two value fields have this name, one of type ${typeName(first)} and one of ${typeName(other)}; give them different names`,
      { field: name },
    );
  }
  // All fields of the name one behind the other, so that a row of any of them has one number.
  const all = concatColumns(
    same.map(({ column }) => column),
    name,
  );
  // Of several fields of one name and the same labels, the last one counts.
  const starts = sets.map(({ fields }) => {
    const own = fields.findLast((field) => field.name === name);
    return own === undefined ? NO_ROW : same.indexOf(own) * times;
  });
  const rows = new Int32Array(times * sets.length);
  for (let row = 0; row < rows.length; row++) {
    const start = starts[row % sets.length] ?? NO_ROW;
    rows[row] = start === NO_ROW ? NO_ROW : start + Math.floor(row / sets.length);
  }
  return { ...first, labels: undefined, column: takeRows(all, rows, first.nullable ? "null" : "zero") };
}

function typeName(field: Field | undefined): string {
  return `${field?.column.type}${field?.nullable ? ", nullable" : ""}`;
}

function labelField(name: string, sets: readonly LabelSet[], times: number): Field {
  const builder = columnBuilder("string", { capacity: times * sets.length, field: name });
  const texts = sets.map(({ labels }) => encodeUtf8(Object.hasOwn(labels, name) ? (labels[name] ?? "") : ""));
  for (let time = 0; time < times; time++) {
    for (const text of texts) {
      builder.appendBytes(text);
    }
  }
  return makeField(name, builder.finish(), { nullable: false });
}
