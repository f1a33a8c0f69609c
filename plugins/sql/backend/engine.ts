import type { ResultBuilder, ResultColumn, SqlDialect } from "@framewright/sdk/sql";

/** A database, as far as queries, health checks and editors are concerned. */
export interface Engine extends AsyncDisposable {
  readonly dialect: SqlDialect;
  /**
   * Runs one statement. When the signal aborts, the database stops it.
   * @param template what it was made of: statements of one template have the same columns, as a rule
   * @throws DownstreamError: 400 for what the statement gets wrong, else what keeps the database from answering
   */
  run(sql: string, signal: AbortSignal, template: string): Promise<Rows>;
  /** Has the database check a statement without running it. @throws DownstreamError (400) with what is wrong, and where */
  check(sql: string, signal: AbortSignal): Promise<void>;
  /** Logs in and reads something. @returns who and what was met, for the person who tests the settings */
  greet(signal: AbortSignal): Promise<string>;
  readonly catalog: Catalog;
}

/** The result of a statement that runs. Disposing it stops what has not been read. */
export interface Rows extends AsyncDisposable {
  readonly columns: readonly ResultColumn[];
  /**
   * Reads rows straight into the columns of a result, up to `most` of them.
   * @returns whether there may be more
   */
  read(result: ResultBuilder, most: number): Promise<boolean>;
}

/** What a database holds, for editors. Names are given to the database as values, never put into the SQL. */
export interface Catalog {
  /** The databases of the server that the user may connect to. */
  databases(signal: AbortSignal): Promise<string[]>;
  /** The schemas that hold data. */
  schemas(signal: AbortSignal): Promise<string[]>;
  /** Tables and views that the user may read, of one schema or of all that hold data. */
  tables(schema: string | undefined, signal: AbortSignal): Promise<{ schema: string; table: string; kind: string }[]>;
  /** The columns of a table, in a schema or where the database finds it. Empty where there is no such table. */
  columns(
    table: string,
    schema: string | undefined,
    signal: AbortSignal,
  ): Promise<{ name: string; type: string; nullable: boolean }[]>;
  /** Names of the functions that a query may call. */
  functions(signal: AbortSignal): Promise<string[]>;
}
