/** A pair of characters that text or a name stands between. The closing one, doubled, stands for itself. */
export interface SqlQuote {
  /** What the quoted text begins with. */
  readonly open: string;
  /** What the quoted text ends with. */
  readonly close: string;
  /** Whether a backslash takes the meaning from the character behind it. */
  readonly backslash: boolean;
}

/** What must be known of an engine's SQL to tell quoted text and comments from the rest. */
export interface SqlSyntax {
  /** Each with one character to open and one to close. */
  readonly quotes: readonly SqlQuote[];
  /** `E'…'`, in which a backslash takes the meaning from the character behind it, as in PostgreSQL. */
  readonly escapeStrings: boolean;
  /** `$$…$$` and `$name$…$name$`, as in PostgreSQL. */
  readonly dollarQuotes: boolean;
  /** Whether `--` begins a comment always, or only where a space, a control character or the end follows, as in MySQL. */
  readonly dashComments: "always" | "before-space";
  /** Whether a comment that goes to the end of the line ends at a carriage return, too. */
  readonly lineEnds: "lf" | "lf-or-cr";
  /** `#` begins a comment that goes to the end of the line, as in MySQL. */
  readonly hashComments: boolean;
  /** A comment between slashes and asterisks may hold others, as in PostgreSQL. */
  readonly nestedComments: boolean;
  /** What stands in `/*! … *\/` or `/*M! … *\/` is run, and so is no comment, as in MySQL and MariaDB. */
  readonly executableComments: boolean;
}

const SINGLE: SqlQuote = { open: "'", close: "'", backslash: false };
const DOUBLE: SqlQuote = { open: '"', close: '"', backslash: false };

/** What nearly every engine understands: `'…'`, `"…"`, `--` and comments between slashes and asterisks. */
export const genericSyntax: SqlSyntax = {
  quotes: [SINGLE, DOUBLE],
  escapeStrings: false,
  dollarQuotes: false,
  dashComments: "always",
  lineEnds: "lf-or-cr",
  hashComments: false,
  nestedComments: false,
  executableComments: false,
};

/**
 * PostgreSQL with `standard_conforming_strings = on`, which is its default. A connection whose server may say otherwise
 * should set it.
 * Source: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export const postgresSyntax: SqlSyntax = {
  ...genericSyntax,
  escapeStrings: true,
  dollarQuotes: true,
  nestedComments: true,
};

/**
 * MySQL and MariaDB without `NO_BACKSLASH_ESCAPES` and `ANSI_QUOTES` in `sql_mode`, which is their default.
 * Source: https://dev.mysql.com/doc/refman/en/string-literals.html, https://dev.mysql.com/doc/refman/en/comments.html
 */
export const mysqlSyntax: SqlSyntax = {
  ...genericSyntax,
  quotes: [
    { ...SINGLE, backslash: true },
    { ...DOUBLE, backslash: true },
    { open: "`", close: "`", backslash: false },
  ],
  dashComments: "before-space",
  lineEnds: "lf",
  hashComments: true,
  executableComments: true,
};
