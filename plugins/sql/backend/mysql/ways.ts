import { mysql, statementKeyword } from "@framewright/sdk/sql";
import { TemplateMap } from "../template-map.js";
import { isBinarySafe } from "./binary-cells.js";
import type { ColumnDefinition } from "./column-definition.js";
import type { ServerTraits } from "./mysql-connection.js";
import { isPlainRead } from "./plain-read.js";
import { isAtItsLimit, type ServerError } from "./server-error.js";

/**
 * How a statement is run: `text` has it sent as it is, and its rows come as text. Else it is prepared, and its rows are binary: with
 * `steps` it is run once its columns are known, and with `batch` it is sent off to be run before that, since the columns were found to
 * be right before.
 */
export type Way = "text" | "steps" | "batch";

/** What is known of a template. */
interface Known {
  readonly best: "text" | "binary" | "always text";
  /** How many results in a row had few rows, where the best is `binary`. */
  small: number;
}

/** Statements that have the same columns whether they are prepared or not. */
const PREPARED = new Set(["SELECT", "WITH", "TABLE", "VALUES"]);

/**
 * From how many rows on it pays to have a statement prepared: as many milliseconds either way with 100 rows, three quarters of them
 * with 200, half with 500.
 */
const MANY_ROWS = 200;

/** After so many small results in a row a large one is no longer expected. Until then they are prepared, too, which costs less than a large one as text. */
const SMALL_IN_A_ROW = 8;

/** A server that has refused so many, and has run none, is not asked again. */
const REFUSALS = 3;

/**
 * Chooses the way of a statement by what its template was found to have. A row that the server writes as text costs it most of its time, and a
 * statement that it prepares first more than one that it just runs: so large results come as binary, and small ones as text.
 *
 * Only what can be run twice is prepared, since it is run anew as text where it turns out that it should have been text.
 */
export class Ways {
  readonly #known = new TemplateMap<Known>();
  #isBinary: boolean;
  #hasBatches = true;
  #hasReadBinary = false;
  #refusals = 0;

  /** @param isBinary whether there is another way than text */
  constructor(isBinary: boolean) {
    this.#isBinary = isBinary;
  }

  /** Whether the server has ever run what it had prepared. */
  get hasReadBinary(): boolean {
    return this.#hasReadBinary;
  }

  /** The way of a statement that was made of a template. */
  of({ sql, template }: { readonly sql: string; readonly template: string }, { runsLast }: ServerTraits): Way {
    const known = this.#known.get(template);
    if (!this.#isBinary || (known !== undefined && known.best !== "binary")) {
      return "text";
    }
    if (!PREPARED.has(statementKeyword(sql, mysql.syntax)) || !isPlainRead(sql)) {
      return "text";
    }
    return known !== undefined && runsLast && this.#hasBatches && this.#hasReadBinary ? "batch" : "steps";
  }

  /** Takes note of a result. @param rows how many it had, up to the limit */
  learn(template: string, columns: readonly ColumnDefinition[], rows: number): void {
    const known = this.#known.get(template);
    if (!this.#isBinary || known?.best === "always text") {
      return;
    }
    if (!isBinarySafe(columns)) {
      this.preferText(template);
    } else if (rows >= MANY_ROWS) {
      this.#prefer(template, "binary");
    } else if (known?.best !== "binary" || ++known.small >= SMALL_IN_A_ROW) {
      this.preferText(template);
    }
  }

  /** A statement has columns that are to come as text, for as long as it has them. */
  preferText(template: string): void {
    this.#prefer(template, "text");
  }

  /** A statement cannot be run once it is prepared, or has other columns then. */
  keepText(template: string): void {
    this.#prefer(template, "always text");
  }

  /** What the server says of itself does not hold: a proxy may be in between. */
  cannotBatch(): void {
    this.#hasBatches = false;
  }

  /** The binary form of the server, or of what is in between, is another one. */
  cannotReadBinary(): void {
    this.#isBinary = false;
  }

  /** The server has run what it had prepared. */
  readBinary(): void {
    this.#hasReadBinary = true;
  }

  /** A statement that the server did not prepare, or did not run then, ran as text. @param refusal what it had against it */
  ranAfter(refusal: ServerError): void {
    if (!this.#hasReadBinary && !isAtItsLimit(refusal) && ++this.#refusals >= REFUSALS) {
      this.#isBinary = false;
    }
  }

  #prefer(template: string, best: Known["best"]): void {
    const known = this.#known.get(template);
    if (known?.best === best) {
      known.small = 0;
    } else {
      this.#known.set(template, { best, small: 0 });
    }
  }
}
