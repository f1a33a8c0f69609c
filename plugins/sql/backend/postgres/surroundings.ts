import * as messages from "./messages.js";
import { statementName } from "./statement-name.js";

/** What is sent around a statement in one batch with it, which has one answer. */
export interface BatchSurroundings {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** What is sent around each statement, so that it finds and leaves the session as it should be. */
export interface Surroundings {
  /** What comes before and behind it, each with an answer of its own. */
  readonly before: Buffer;
  readonly after: Buffer;
  /** The same within a batch. */
  readonly batch: BatchSurroundings;
  /** The same again, of statements that the session has prepared under names: the server need not parse and plan them each time. */
  readonly named: BatchSurroundings & { readonly prepare: Buffer };
  /** How many statements come before. */
  readonly countBefore: number;
}

/** @param before statements such as `BEGIN READ ONLY` @param after statements such as `ROLLBACK` */
export function surroundings(before: readonly string[], after: readonly string[]): Surroundings {
  return {
    before: messages.query(before.join("; ")),
    after: messages.query(after.join("; ")),
    batch: {
      start: Buffer.concat(before.map(messages.run)),
      end: Buffer.concat([...after.map(messages.run), messages.sync]),
    },
    named: {
      // Closed first, which is no error where there is none: it may have been prepared and nobody knows.
      prepare: Buffer.concat(
        [...before, ...after].flatMap((sql) => [
          messages.closeStatement(statementName(sql)),
          messages.parse(sql, statementName(sql)),
        ]),
      ),
      start: Buffer.concat(before.map(runNamed)),
      end: Buffer.concat([...after.map(runNamed), messages.sync]),
    },
    countBefore: before.length,
  };
}

function runNamed(sql: string): Buffer {
  return Buffer.concat([messages.bind([], [], statementName(sql)), messages.execute]);
}
