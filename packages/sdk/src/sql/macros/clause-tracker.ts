/** Words behind which a comma does not separate what is selected any more. */
const endOfList = new Set([
  "FROM",
  "WHERE",
  "GROUP",
  "ORDER",
  "HAVING",
  "PARTITION",
  "WINDOW",
  "LIMIT",
  "INTO",
  "UNION",
  "EXCEPT",
  "INTERSECT",
  "VALUES",
]);

interface Level {
  /** `(` or `[`; empty for the text itself. */
  readonly opener: string;
  inSelectList: boolean;
}

/** Knows how deep in parentheses a place of an SQL text is, and whether it is among the items of a `SELECT`. */
export class ClauseTracker {
  readonly #levels: Level[] = [{ opener: "", inSelectList: false }];
  /** How many `(` are open. Without it, each `)` too many would be looked for in vain. */
  #parentheses = 0;

  /** How many parentheses and brackets are open. */
  get depth(): number {
    return this.#levels.length - 1;
  }

  get isInSelectList(): boolean {
    return this.#levels.at(-1)?.inSelectList ?? false;
  }

  open(character: string): void {
    this.#levels.push({ opener: character, inSelectList: false });
    if (character === "(") {
      this.#parentheses++;
    }
  }

  /** A `)` closes brackets that were opened behind its `(`. What closes nothing is passed over. */
  close(character: string): void {
    if (character === "]") {
      if (this.#levels.at(-1)?.opener === "[") {
        this.#levels.pop();
      }
      return;
    }
    if (this.#parentheses > 0) {
      this.#parentheses--;
      while (this.#levels.pop()?.opener !== "(");
    }
  }

  /** The word `sql[start .. end)`, which is no part of a qualified name. */
  word(sql: string, start: number, end: number): void {
    // The shortest and the longest of those that matter: most words need no look at.
    if (end - start < 4 || end - start > 9) {
      return;
    }
    const level = this.#levels.at(-1);
    const word = sql.slice(start, end).toUpperCase();
    if (level !== undefined && (word === "SELECT" || endOfList.has(word))) {
      level.inSelectList = word === "SELECT";
    }
  }
}
