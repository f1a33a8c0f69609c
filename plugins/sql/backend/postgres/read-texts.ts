import { Letter } from "./messages.js";
import type { Statement } from "./statement.js";

/** Reads all rows of a statement that runs, each as texts, and ends it. @throws DownstreamError with the server's words */
export async function readTexts(statement: Statement): Promise<(string | null)[][]> {
  const { connection, columns } = statement;
  const rows: (string | null)[][] = [];
  let problem: unknown;
  try {
    for (let letter = await statement.next(); letter !== Letter.readyForQuery; letter = await statement.next()) {
      const { bytes, start } = connection.reader;
      if (letter === Letter.error) {
        const said = statement.problem(connection.readError());
        problem ??= said;
      } else if (letter === Letter.dataRow) {
        let at = start + 2;
        rows.push(
          columns.map(() => {
            const length = bytes.readInt32BE(at);
            at += 4 + Math.max(length, 0);
            return length < 0 ? null : bytes.toString("utf8", at - length, at);
          }),
        );
      }
    }
  } catch (error) {
    problem ??= connection.readingError(error);
  } finally {
    await statement.end(false);
  }
  if (problem !== undefined) {
    throw problem;
  }
  return rows;
}
