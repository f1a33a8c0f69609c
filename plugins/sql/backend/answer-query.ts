import type { Frame } from "@framewright/data";
import { DownstreamError, type QueryContext } from "@framewright/sdk";
import {
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

/** So many rows of a table go out at a time, where the caller takes them piece by piece. */
const PIECE_ROWS = 50_000;

/**
 * Answers one query: its macros replaced, the one statement run, its rows as table, time series or log lines. A table comes in
 * pieces, so that it need not fit into memory.
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
  try {
    await using rows = await engine.run(expanded.sql, withTimeout(context.signal, limits));
    const most = comesInPieces(query, rows.columns, dialect) ? PIECE_ROWS : Number.POSITIVE_INFINITY;
    for (let isFirst = true, hasMore = true; hasMore; isFirst = false) {
      // Pieces but the last are full, so that a second one tells of many.
      const result = resultBuilder(rows.columns, counter, isFirst ? {} : { capacity: most });
      hasMore = await rows.read(result, most);
      const piece = result.finish();
      if (isFirst || piece.length > 0 || piece.meta?.notices !== undefined) {
        yield shapeResult(piece, options);
      }
    }
  } catch (error) {
    throw describeTimeout(error, context.signal, limits);
  }
}

/** The statement that is sent, and what its macros say of its result. */
export function expandQuery(
  { rawSql, table, column, fill }: SqlQuery,
  dialect: SqlDialect,
  { timeRange, intervalMs }: Pick<QueryContext<unknown>, "timeRange" | "intervalMs">,
  limits: Pick<QueryLimits, "intervalMs">,
): { sql: string; fill: SqlQuery["fill"]; timeInSeconds: boolean } {
  const expanded = expandMacros(rawSql, {
    dialect,
    timeRange,
    intervalMs: Math.max(intervalMs, limits.intervalMs),
    table,
    column,
    quotedInterval: true,
  });
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

function withTimeout(signal: AbortSignal, { timeoutMs }: QueryLimits): AbortSignal {
  return timeoutMs === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/** The data source's own time limit in words; the caller's is told by the SDK. */
function describeTimeout(error: unknown, signal: AbortSignal, { timeoutMs }: QueryLimits): unknown {
  const isOwn = error instanceof Error && error.name === "TimeoutError" && !signal.aborted;
  const text = `the query took longer than ${timeoutMs / 1_000} s and was stopped; make it smaller, or raise Query timeout in the settings`;
  return isOwn ? new DownstreamError(text, { status: 504, cause: error }) : error;
}
