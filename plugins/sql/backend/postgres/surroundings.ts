import * as messages from "./messages.js";

/** What is sent around each statement, so that it finds and leaves the session as it should be. */
export interface Surroundings {
  /** What comes before and behind it, each with an answer of its own. */
  readonly before: Buffer;
  readonly after: Buffer;
  /** The same as the beginning and the end of one batch with the statement in it, which has one answer. */
  readonly batchStart: Buffer;
  readonly batchEnd: Buffer;
}

/** @param before statements such as `BEGIN READ ONLY` @param after statements such as `ROLLBACK` */
export function surroundings(before: readonly string[], after: readonly string[]): Surroundings {
  return {
    before: messages.query(before.join("; ")),
    after: messages.query(after.join("; ")),
    batchStart: Buffer.concat(before.map(messages.run)),
    batchEnd: Buffer.concat([...after.map(messages.run), messages.sync]),
  };
}
