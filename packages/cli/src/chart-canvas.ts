/**
 * A grid of character cells that lines are drawn on. One series, or several in colours, are drawn in Braille, 2 × 4 dots a
 * cell; several without colours each with a character of its own, one a cell.
 */
export interface Canvas {
  /** Dots from left to right. */
  readonly width: number;
  /** Dots from top to bottom. */
  readonly height: number;
  /** Sets a dot for a series; what is outside is left out. */
  dot(x: number, y: number, series: number): void;
  /** One text a row of cells, without the empty cells at its end. */
  rows(): string[];
}

const markers = ["*", "o", "+", "x", "#", "@", "%", "&"];
const colors = [36, 33, 35, 32, 31, 34, 96, 93];

// https://www.unicode.org/charts/PDF/U2800.pdf: the bit of each dot, by row and then column.
const brailleBits = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
const brailleStart = 0x2800;

/** How a canvas draws. */
export type CanvasStyle = "braille" | "colored" | "marked";

/** How many series can be told apart. */
export const distinctSeries = markers.length;

/** An empty canvas of so many character cells. */
export function createCanvas(columns: number, lines: number, style: CanvasStyle): Canvas {
  const perColumn = style === "marked" ? 1 : 2;
  const perLine = style === "marked" ? 1 : 4;
  const dots = new Uint8Array(columns * lines);
  const owners = new Uint8Array(columns * lines);
  const width = columns * perColumn;
  const height = lines * perLine;
  return {
    width,
    height,
    dot(x, y, series) {
      if (x < 0 || x >= width || y < 0 || y >= height) return;
      const cell = Math.floor(y / perLine) * columns + Math.floor(x / perColumn);
      dots[cell] = (dots[cell] ?? 0) | (brailleBits[(y % perLine) * 2 + (x % perColumn)] ?? 0);
      owners[cell] = series;
    },
    rows: () =>
      Array.from({ length: lines }, (_, line) => {
        let text = "";
        let run = "";
        let runOwner = 0;
        for (let cell = line * columns; cell < (line + 1) * columns; cell++) {
          const bits = dots[cell] ?? 0;
          const owner = bits === 0 ? runOwner : (owners[cell] ?? 0);
          if (owner !== runOwner) {
            text += paint(run, runOwner, style);
            run = "";
            runOwner = owner;
          }
          if (bits === 0) run += " ";
          else run += style === "marked" ? marker(owner) : String.fromCodePoint(brailleStart + bits);
        }
        return text + paint(run.trimEnd(), runOwner, style);
      }),
  };
}

/** What stands for a series in the legend. */
export function legendMark(series: number, style: CanvasStyle): string {
  return style === "marked" ? marker(series) : paint("━━", series, style);
}

function marker(series: number): string {
  return markers[series % markers.length] ?? "*";
}

function paint(text: string, series: number, style: CanvasStyle): string {
  return style === "colored" && text.trim() !== ""
    ? `\x1b[${colors[series % colors.length] ?? 39}m${text}\x1b[39m`
    : text;
}

/** Sets the dots from one to another, both included. */
export function drawLine(canvas: Canvas, x0: number, y0: number, x1: number, y1: number, series: number): void {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
  if (steps === 0) canvas.dot(x0, y0, series);
  for (let step = 0; step <= steps && steps > 0; step++) {
    canvas.dot(Math.round(x0 + ((x1 - x0) * step) / steps), Math.round(y0 + ((y1 - y0) * step) / steps), series);
  }
}
