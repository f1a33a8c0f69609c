import type { Canvas, CanvasStyle } from "./chart-canvas.js";
import { createCanvas, distinctSeries, drawLine, legendMark } from "./chart-canvas.js";
import { numberTicks, timeTicks } from "./chart-ticks.js";
import type { Series } from "./series.js";

/** The most series that one chart holds. */
export const maxChartSeries = distinctSeries;

/** How a chart is drawn. */
export interface ChartOptions {
  /** Columns of the whole chart, axis included. */
  readonly width: number;
  /** Lines of the plot, without time axis and legend. */
  readonly height: number;
  /** Tell series apart by colour; else by a character each. */
  readonly color: boolean;
}

/**
 * Draws time series as lines in a terminal, with a number axis, a time axis in UTC and a legend. Of all points that fall into
 * one column the highest and the lowest are drawn, so no peak is lost.
 *
 * @returns one text a line; none where no series has a point.
 */
export function renderChart(series: readonly Series[], options: ChartOptions): string[] {
  const drawn = series.slice(0, maxChartSeries);
  const extent = extentOf(drawn);
  if (extent === undefined) return [];
  const ticks = numberTicks(extent.min, extent.max, Math.max(2, Math.floor(options.height / 3) + 1));
  const labelWidth = Math.max(...ticks.labels.map(({ length }) => length));
  const columns = Math.max(20, options.width - labelWidth - 3);
  const style: CanvasStyle = drawn.length === 1 ? "braille" : options.color ? "colored" : "marked";
  const canvas = createCanvas(columns, options.height, style);
  const low = ticks.values[0] ?? extent.min;
  const high = ticks.values.at(-1) ?? extent.max;
  const scale: Scale = {
    x: (time) => position(time, extent.from, extent.to, canvas.width),
    y: (value) => canvas.height - 1 - position(value, low, high, canvas.height),
  };
  for (const [index, one] of drawn.entries()) drawSeries(canvas, one, index, scale);

  const labels = new Map<number, string>();
  for (const [index, value] of ticks.values.entries()) {
    labels.set(options.height - 1 - position(value, low, high, options.height), ticks.labels[index] ?? "");
  }
  const plot = canvas.rows().map((row, line) => {
    const label = labels.get(line);
    return `${(label ?? "").padStart(labelWidth)} ${label === undefined ? "│" : "┤"}${row}`.trimEnd();
  });
  const indent = " ".repeat(labelWidth + 1);
  const below = [...timeAxis(extent.from, extent.to, columns), ...legend(drawn, style, columns)];
  return [...plot, ...below.map((line) => indent + line)];
}

interface Extent {
  from: number;
  to: number;
  min: number;
  max: number;
}

interface Scale {
  x(time: number): number;
  y(value: number): number;
}

/** What the points cover; undefined where there are none. */
function extentOf(series: readonly Series[]): Extent | undefined {
  const extent: Extent = { from: Infinity, to: -Infinity, min: Infinity, max: -Infinity };
  for (const { times, values } of series) {
    for (let i = 0; i < values.length; i++) {
      const time = times[i] ?? Number.NaN;
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(time) || !Number.isFinite(value)) continue;
      extent.from = Math.min(extent.from, time);
      extent.to = Math.max(extent.to, time);
      extent.min = Math.min(extent.min, value);
      extent.max = Math.max(extent.max, value);
    }
  }
  return extent.from <= extent.to ? extent : undefined;
}

/** Where a value lies among `count` places, from 0; a range of one value is put in the middle. */
function position(value: number, low: number, high: number, count: number): number {
  return high > low ? Math.round(((value - low) / (high - low)) * (count - 1)) : Math.floor(count / 2);
}

/** The points of one column of dots. */
interface Bucket {
  first: number;
  last: number;
  lowest: number;
  highest: number;
}

function drawSeries(canvas: Canvas, { times, values }: Series, index: number, scale: Scale): void {
  const buckets = new Map<number, Bucket>();
  const broken = new Set<number>();
  let gap = false;
  for (let i = 0; i < values.length; i++) {
    const time = times[i] ?? Number.NaN;
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(time)) continue;
    if (!Number.isFinite(value)) {
      gap = true;
      continue;
    }
    const x = scale.x(time);
    const y = scale.y(value);
    const bucket = buckets.get(x);
    if (bucket === undefined) {
      buckets.set(x, { first: y, last: y, lowest: y, highest: y });
      if (gap) broken.add(x);
    } else {
      bucket.last = y;
      bucket.lowest = Math.max(bucket.lowest, y);
      bucket.highest = Math.min(bucket.highest, y);
    }
    gap = false;
  }

  let before: { x: number; last: number } | undefined;
  for (const [x, bucket] of [...buckets].sort(([a], [b]) => a - b)) {
    drawLine(canvas, x, bucket.highest, x, bucket.lowest, index);
    if (before !== undefined && !broken.has(x)) drawLine(canvas, before.x, before.last, x, bucket.first, index);
    before = { x, last: bucket.last };
  }
}

/** The axis line, its labels, and the range in full. */
function timeAxis(from: number, to: number, columns: number): string[] {
  const line: string[] = Array.from({ length: columns }, () => "─");
  let labels = "";
  for (const { time, label } of timeTicks(from, to, columns)) {
    const column = position(time, from, to, columns);
    line[column] = "┬";
    const start = Math.min(Math.max(0, column - Math.floor(label.length / 2)), columns - label.length);
    if (labels === "" || start > labels.length) labels = labels.padEnd(start) + label;
  }
  return [`└${line.join("")}`, ` ${labels}`, ` ${rangeText(from, to)}`];
}

/** What belongs to which series, on as many lines as it needs. */
function legend(series: readonly Series[], style: CanvasStyle, columns: number): string[] {
  const lines: string[] = [];
  let room = 0;
  for (const [index, { label }] of series.entries()) {
    const entry = `${legendMark(index, style)} ${label}`;
    const width = label.length + 3 + 3;
    if (width > room) {
      lines.push(` ${entry}`);
      room = columns - width;
    } else {
      lines.push(`${lines.pop()}   ${entry}`);
      room -= width;
    }
  }
  return lines;
}

/** Both ends of a range, as exact as the more exact one of them needs it. */
function rangeText(from: number, to: number): string {
  const texts = [...new Set([from, to])].map((time) => new Date(time).toISOString().replace("T", " ").slice(0, -1));
  const endings = [" 00:00:00.000", ":00.000", ".000"];
  const ending = endings.find((each) => texts.every((text) => text.endsWith(each))) ?? "";
  return `${texts.map((text) => text.slice(0, text.length - ending.length)).join(" to ")} UTC`;
}
