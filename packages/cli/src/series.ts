import { type Field, type Frame, hasValue, isNumericType, type TypedColumn, valueAt } from "@framewright/data";

/** One line of a chart. */
export interface Series {
  readonly label: string;
  /** ms since 1970, one a point. */
  readonly times: Float64Array;
  /** One a point; NaN where there is no value. */
  readonly values: Float64Array;
}

/** The lines of a frame. */
export interface FrameSeries {
  readonly series: readonly Series[];
  /** How many more there are than were asked for. */
  readonly omitted: number;
}

/**
 * Reads the time series of a frame: its first time field with each number field. Where times repeat or go back, the frame is
 * taken to be in the long format, and its text fields tell the series apart
 * (https://grafana.com/developers/plugin-tools/key-concepts/data-frames#data-frames-as-time-series).
 *
 * @param limit the most series to return.
 * @returns no series where the frame has no time field, no number field or no rows.
 */
export function seriesOf(frame: Frame, limit: number): FrameSeries {
  const time = frame.fields.map((field) => field.column).find((column) => column.type === "time");
  const numbers = frame.fields.filter(isNumeric);
  if (time === undefined || numbers.length === 0 || frame.length === 0) return { series: [], omitted: 0 };

  const times = millisecondsOf(time);
  const factors = isMonotonic(times) ? [] : frame.fields.filter((field) => field.column.type === "string");
  const groups = factors.length === 0 ? undefined : groupRows(factors, frame.length);
  const lines: (() => Series)[] = [];
  for (const field of numbers) {
    const values = numbersOf(field);
    if (groups === undefined) lines.push(() => ({ label: labelOf(field), times, values }));
    else {
      for (const { labels, rows } of groups) {
        lines.push(() => ({
          label: labelOf(field, labels),
          times: Float64Array.from(rows, (row) => times[row] ?? Number.NaN),
          values: Float64Array.from(rows, (row) => values[row] ?? Number.NaN),
        }));
      }
    }
  }
  return {
    series: lines.slice(0, limit).map((line) => line()),
    omitted: Math.max(0, lines.length - limit),
  };
}

function isNumeric(field: Field): boolean {
  return isNumericType(field.column.type);
}

function millisecondsOf(column: TypedColumn<"time">): Float64Array {
  return Float64Array.from({ length: column.length }, (_, row) =>
    hasValue(column, row) ? Number(column.values[row] ?? 0n) / 1e6 : Number.NaN,
  );
}

function numbersOf(field: Field): Float64Array {
  const { column } = field;
  if (column.type === "float64" && column.nullCount === 0) return column.values.subarray(0, column.length);
  return Float64Array.from({ length: column.length }, (_, row) => {
    const value = valueAt(column, row);
    return value === null ? Number.NaN : Number(value);
  });
}

/** Whether every time is after the one before it, or every time before it. Rows without a time do not count. */
function isMonotonic(times: Float64Array): boolean {
  let direction = 0;
  let before = Number.NaN;
  for (const time of times) {
    if (Number.isNaN(time)) continue;
    if (!Number.isNaN(before)) {
      const sign = Math.sign(time - before);
      if (sign === 0 || (direction !== 0 && sign !== direction)) return false;
      direction = sign;
    }
    before = time;
  }
  return true;
}

interface RowGroup {
  readonly labels: Readonly<Record<string, string>>;
  readonly rows: readonly number[];
}

function groupRows(factors: readonly Field[], length: number): RowGroup[] {
  const groups = new Map<string, { labels: Record<string, string>; rows: number[] }>();
  for (let row = 0; row < length; row++) {
    const entries = factors.map((field) => [field.name, String(valueAt(field, row) ?? "")] as const);
    const key = JSON.stringify(entries);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels: Object.fromEntries(entries), rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()];
}

function labelOf(field: Field, more: Readonly<Record<string, string>> = {}): string {
  const labels = Object.entries({ ...field.labels, ...more }).map(([name, value]) => `${name}=${value}`);
  const name = field.config?.displayName ?? field.name;
  const unit = field.config?.unit === undefined ? "" : ` (${field.config.unit})`;
  return `${name}${labels.length === 0 ? "" : ` {${labels.join(", ")}}`}${unit}`;
}
