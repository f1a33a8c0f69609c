/** The line at which two files of JSON lines part, with its beginning in each. */
export function firstDifference(written: Buffer, committed: Buffer): string {
  const [now = [], then = []] = [written, committed].map((bytes) => bytes.toString().split("\n"));
  const line = now.findIndex((text, index) => text !== then[index]);
  const at = line < 0 ? now.length : line;
  return `line ${at + 1}: written ${now[at]?.slice(0, 60)}, committed ${then[at]?.slice(0, 60)}`;
}
