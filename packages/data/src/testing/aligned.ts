import { displayWidth } from "../format/display-width.js";

/** The cells of a table with spaces around them, so that those of each column are equally wide. */
export function aligned(rows: readonly (readonly string[])[], alignRight: readonly boolean[] = []): string[][] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    });
  }
  return rows.map((row) =>
    row.map((cell, column) => {
      const space = " ".repeat((widths[column] ?? 0) - displayWidth(cell));
      return alignRight[column] ? space + cell : cell + space;
    }),
  );
}
