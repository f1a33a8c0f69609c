/** After so many sessions that had lost their prepared statements no more are prepared. */
const MOST_LOSSES = 3;

/** Whether prepared statements are still there when they are wanted. Behind a pooler that gives each transaction another session they are not. */
export class NamedStatements {
  #losses = 0;

  /** Whether it is worth to prepare statements. */
  get areKept(): boolean {
    return this.#losses < MOST_LOSSES;
  }

  /** A session did not have what it had prepared. */
  lost(): void {
    this.#losses++;
  }
}
