/**
 * Where a character of a text stands, as an editor says it: `3:15` is line 3, column 15, both counted from 1, the column
 * in UTF-16 units.
 */
export function positionText(text: string, at: number): string {
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) {
    line++;
    lineStart = next + 1;
  }
  return `${line}:${at - lineStart + 1}`;
}
