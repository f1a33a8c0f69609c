import type { Frame } from "@framewright/data";
import { DownstreamError, type QueryContext } from "@framewright/sdk";
import {
  CellReport,
  expandMacros,
  type ResultColumn,
  RowCounter,
  requireSingleStatement,
  resultBuilder,
  type SqlDialect,
  type SqlQuery,
  shapeResult,
  statementKeyword,
} from "@framewright/sdk/sql";
import type { Instance, QueryLimits } from "./instance.js";
import { limitTime } from "./time-limit.js";

/** So many rows of a table go out at a time, where the caller takes them piece by piece. */
const PIECE_ROWS = 20_000;

/**
 * Answers one query: its macros replaced, the one statement run, its rows as table, time series or log lines. A table comes in
 * pieces, so that it need not fit into memory; what there is to tell of it stands in the last one.
 *
 * @throws DownstreamError: 400 for what the query gets wrong, 504 where it takes too long
 */
export async function* answerQuery(
  query: SqlQuery,
  { instance, ...context }: QueryContext<Instance>,
): AsyncGenerator<Frame> {
  const { engine, limits } = instance;
  const { dialect } = engine;
  const expanded = expandQuery(query, dialect, context, limits);
  const { format } = query;
  const options = { ...expanded, format, dialect, timeRange: context.timeRange, rowLimit: limits.rows };
  const counter = new RowCounter(limits.rows);
  const limit = limitTime(context.signal, limits.timeoutMs);
  try {
    await using rows = await engine.run(expanded.sql, limit.signal, query.rawSql);
    const most = comesInPieces(query, rows.columns, dialect) ? PIECE_ROWS : Number.POSITIVE_INFINITY;
    const reports = rows.columns.map(() => new CellReport());
    let last: Frame | undefined;
    for (let hasMore = true; hasMore; ) {
      // Pieces but the last are full, so that a second one tells of many.
      const result = resultBuilder(rows.columns, counter, { reports, ...(last && { capacity: most }) });
      hasMore = await rows.read(result, most);
      const piece = result.finish();
      if (last !== undefined && piece.length > 0) {
        yield shapeResult({ ...last, meta: undefined }, options);
        last = piece;
      } else {
        // Without rows it only tells of those before.
        last = { ...(last ?? piece), meta: piece.meta };
      }
    }
    if (last !== undefined) {
      yield shapeResult(last, options);
    }
  } catch (error) {
    throw limit.isUp && error === limit.signal.reason ? tookTooLong(limits, error) : error;
  } finally {
    limit.stop();
  }
}

/** The statement that is sent, and what its macros say of its result. */
export function expandQuery(
  { rawSql, table, column, fill }: SqlQuery,
  dialect: SqlDialect,
  { timeRange, intervalMs }: Pick<QueryContext<unknown>, "timeRange" | "intervalMs">,
  limits: Pick<QueryLimits, "intervalMs">,
): { sql: string; fill: SqlQuery["fill"]; timeInSeconds: boolean } {
  if (rawSql.trim() === "") {
    throw new DownstreamError("query.rawSql: is empty; write a statement", { status: 400 });
  }
  const expanded = expandMacros(rawSql, {
    dialect,
    timeRange,
    intervalMs: Math.max(intervalMs, limits.intervalMs),
    table,
    column,
    quotedInterval: true,
  });
  if (expanded.sql.includes("\0")) {
    throw new DownstreamError("query: it has a character with the code 0 in it, which no database takes", {
      status: 400,
    });
  }
  const sql = requireSingleStatement(expanded.sql, dialect.syntax);
  if (statementKeyword(sql, dialect.syntax) === "COPY") {
    throw new DownstreamError("COPY gives no rows here; write the query alone", { status: 400 });
  }
  return { ...expanded, sql, fill: expanded.fill ?? fill };
}

/** Whether each piece becomes the same fields as the whole: no column may be read as times only because of what it holds. */
function comesInPieces({ format }: SqlQuery, columns: readonly ResultColumn[], { timeColumns }: SqlDialect): boolean {
  const isTime = (name: string): boolean => timeColumns.includes(name) || name.toLowerCase() === "timeend";
  return format === "table" && columns.every(({ name, type }) => type.field === "time" || !isTime(name));
}

/** The data source's own time limit in words; the caller's is told by the SDK. */
function tookTooLong({ timeoutMs }: QueryLimits, cause: unknown): DownstreamError {
  const text = `the query took longer than ${timeoutMs / 1_000} s and was stopped; make it smaller, or raise Query timeout (queryTimeout) in the settings`;
  return new DownstreamError(text, { status: 504, cause });
}
