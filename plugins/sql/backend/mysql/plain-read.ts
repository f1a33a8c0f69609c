import { mysql, sqlTokens, statementKeyword } from "@framewright/sdk/sql";

/** Statements that read. */
const READING = new Set(["SELECT", "WITH", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "TABLE", "VALUES"]);

/** Whether a statement begins as one that reads. One that begins with a comment which the server may run does not. */
export function isReading(sql: string): boolean {
  return READING.has(statementKeyword(sql, mysql.syntax));
}

/** Built-in functions of everyday queries, and words that a parenthesis follows. None of them changes the session. */
const HARMLESS = new Set(
  `ABS ALL AND ANY AS AVG BETWEEN BINARY BY CASE CAST CEIL CEILING CHAR CHAR_LENGTH COALESCE CONCAT CONCAT_WS CONVERT CONVERT_TZ COUNT
  CURDATE DATE DATEDIFF DATETIME DATE_ADD DATE_FORMAT DATE_SUB DAY DAYOFWEEK DECIMAL DISTINCT ELSE ELT EXISTS EXP EXTRACT FIELD FLOOR FORMAT
  FROM FROM_UNIXTIME GREATEST GROUP_CONCAT HAVING HEX HOUR IF IFNULL IN INDEX INTERVAL ISNULL JOIN JSON_EXTRACT JSON_OBJECT
  JSON_UNQUOTE JSON_VALUE LAG LAST_DAY LCASE LEAD LEAST LEFT LENGTH LIKE LN LOCATE LOG LOG10 LOG2 LOWER LPAD LTRIM MAX MD5 MICROSECOND MID MIN
  MINUTE MOD MONTH NOT NOW NULLIF ON OR OVER PARTITION PERCENT_RANK PERIOD_DIFF POW POWER QUARTER RAND RANK REGEXP REPEAT REPLACE REVERSE
  RIGHT ROUND ROW_NUMBER RPAD RTRIM SECOND SELECT SIGN SIGNED SLEEP SOME SQRT STD STDDEV STDDEV_POP STDDEV_SAMP STR_TO_DATE SUBDATE SUBSTR SUBSTRING
  SUBSTRING_INDEX SUM SYSDATE THEN TIME TIMEDIFF TIMESTAMP TIMESTAMPADD TIMESTAMPDIFF TIME_TO_SEC TO_DAYS TO_SECONDS TRIM TRUNCATE
  UCASE UNHEX UNION UNIX_TIMESTAMP UNSIGNED UPPER USING UTC_TIMESTAMP UUID VALUES VARCHAR VARIANCE VAR_POP VAR_SAMP VERSION WEEK WEEKDAY WHEN
  WHERE WITH YEAR`.split(/\s+/),
);

/**
 * Whether a statement surely leaves nothing in its session: no variable, no lock, no temporary table. A function that is not
 * known may be a stored one, which can leave anything.
 */
export function isPlainRead(sql: string): boolean {
  if (!isReading(sql)) {
    return false;
  }
  let word = "";
  let isMember = false;
  let before = "";
  for (const { kind, start, end } of sqlTokens(sql, mysql.syntax)) {
    const text = sql.slice(start, end);
    if (kind === "space" || kind === "line-comment" || kind === "block-comment") {
      continue;
    }
    if (kind === "open" && word !== "" && (isMember || !HARMLESS.has(word))) {
      return false;
    }
    // A comment that may be run, a variable that is set, a place that rows go to.
    if (text.startsWith("/*") || (before === ":" && text === "=")) {
      return false;
    }
    word = kind === "word" ? text.toUpperCase() : kind === "quoted" && text.startsWith("`") ? text : "";
    if (word === "INTO") {
      return false;
    }
    isMember = before === ".";
    before = text;
  }
  return true;
}
