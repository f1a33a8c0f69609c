import { mysql, statementKeyword } from "@framewright/sdk/sql";
import { TemplateMap } from "../template-map.js";
import { binaryReaders } from "./binary-cells.js";
import type { ColumnDefinition } from "./column-definition.js";
import type { ServerTraits } from "./mysql-connection.js";
import { isPlainRead } from "./plain-read.js";

/**
 * How a statement is run: `text` has it sent as it is, and its rows come as text. Else it is prepared, and its rows are binary: with `steps` it is run
 * once its columns are known, and with `batch` it is sent off to be run before that, since the columns were found to be right before.
 */
export type Way = "text" | "steps" | "batch";

/** Statements that have the same columns whether they are prepared or not. */
const PREPARED = new Set(["SELECT", "WITH", "TABLE", "VALUES"]);

/** From how many rows on it pays to have a statement prepared: as many milliseconds either way with 100 rows, three quarters of them with 200, half with 500. */
const MANY_ROWS = 200;

/**
 * Chooses the way of a statement by what its template was found to have. A row that the server writes as text costs it most of its time, and a
 * statement that it prepares first more than one that it just runs: so large results come as binary, and small ones as text.
 *
 * Only what can be run twice is prepared, since it is run anew as text where it turns out that it should have been text.
 */
export class Ways {
  readonly #known = new TemplateMap<"text" | "binary" | "always text">();
  readonly #isBinary: boolean;
  #hasBatches = true;

  /** @param isBinary whether there is another way than text */
  constructor(isBinary: boolean) {
    this.#isBinary = isBinary;
  }

  /** The way of a statement that was made of a template. */
  of({ sql, template }: { readonly sql: string; readonly template: string }, { runsLast }: ServerTraits): Way {
    const known = this.#known.get(template);
    if (!this.#isBinary || (known !== undefined && known !== "binary")) {
      return "text";
    }
    if (!PREPARED.has(statementKeyword(sql, mysql.syntax)) || !isPlainRead(sql)) {
      return "text";
    }
    return known === undefined || !runsLast || !this.#hasBatches ? "steps" : "batch";
  }

  /** Takes note of a result. @param rows how many it had, up to the limit */
  learn(template: string, columns: readonly ColumnDefinition[], rows: number): void {
    if (!this.#isBinary) {
      return;
    }
    const known = this.#known.get(template);
    const better = rows >= MANY_ROWS && binaryReaders(columns) !== undefined ? "binary" : "text";
    if (known !== better && known !== "always text") {
      this.#known.set(template, better);
    }
  }

  /** A statement that was prepared could not be run, or had other columns then. */
  failed(template: string): void {
    this.#known.set(template, "always text");
  }

  /** What the server says of itself does not hold: a proxy may be in between. */
  cannotBatch(): void {
    this.#hasBatches = false;
  }
}
