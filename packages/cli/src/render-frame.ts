import { type Frame, formatFrame } from "@framewright/data";
import { maxChartSeries, renderChart } from "./chart.js";
import { seriesOf } from "./series.js";
import { usesColor, widthOf } from "./terminal.js";

/** Lines of a chart's plot, without axis and legend. */
const CHART_HEIGHT = 12;

/** Widest chart, in columns: beyond it, lines get longer without saying more. */
const MAX_CHART_WIDTH = 120;

/** How a frame is shown. */
export interface RenderOptions {
  /** Where the text will go: its width and colours are used. */
  readonly stream: NodeJS.WriteStream;
  /** How many rows of the table are shown. */
  readonly maxRows: number;
  /** Whether time series are drawn below the table. */
  readonly chart: boolean;
}

/** A frame for a terminal: a table with types and units, its notices, and a chart where it holds time series. */
export function renderFrame(frame: Frame, { stream, maxRows, chart }: RenderOptions): string {
  const width = widthOf(stream);
  const parts = [formatFrame(frame, { maxRows, maxWidth: width })];
  for (const { severity, text } of frame.meta?.notices ?? []) {
    parts.push(`${severity}: ${text}`);
  }
  if (chart) {
    const { series, omitted } = seriesOf(frame, maxChartSeries);
    const lines = renderChart(series, {
      width: Math.min(width, MAX_CHART_WIDTH),
      height: CHART_HEIGHT,
      color: usesColor(stream),
    });
    if (lines.length > 0) {
      parts.push("", ...lines);
    }
    if (omitted > 0) {
      parts.push(`${omitted} more series not drawn`);
    }
  }
  return parts.join("\n");
}
