import { decodeArrow, type Frame } from "@framewright/data";
import {
  DataFrameFormat,
  DataQuery,
  type DataResponse,
  type QueryChunkedDataResponse,
  type QueryDataRequest,
} from "@framewright/protocol";
import type { ErrorSource } from "../errors.js";
import { TestQueryError } from "./test-query-error.js";

/** A moment: a `Date`, ms since 1970, or a text that `Date` reads, such as `2026-01-01`. */
export type Moment = Date | number | string;

/** What goes with one query. What is given here takes the place of what the JSON says. */
export interface TestQueryParams {
  /** That of the JSON unless given; empty where that has none. */
  readonly queryType?: string;
  /** The last six hours unless given, as on a new dashboard. */
  readonly timeRange?: { readonly from: Moment; readonly to: Moment };
  /** How many points the panel can show; that of the JSON unless given, or 1,000. */
  readonly maxDataPoints?: number;
  /** Suggested distance between points, in ms; that of the JSON unless given, or the time range over `maxDataPoints`. */
  readonly intervalMs?: number;
}

/** One query of a request. */
export interface TestQuery extends TestQueryParams {
  /** Names the query within its request. */
  readonly refId: string;
  /**
   * The query as the editor saves it, before the query schema. Grafana's panels add `refId`, `datasource`, `datasourceId`, `intervalMs`
   * and `maxDataPoints` to it, and so is it here.
   */
  readonly json: unknown;
}

/** How a query went. */
interface QueryOutcome {
  /** What the user reads; undefined when the query succeeded. */
  readonly error: string | undefined;
  /** HTTP status code. */
  readonly status: number;
  /** Whose fault the error is; undefined when there is none. */
  readonly errorSource: ErrorSource | undefined;
}

/** One piece of a chunked answer. */
export interface TestChunk extends QueryOutcome {
  /** The query that it belongs to. */
  readonly refId: string;
  /** Pieces of one query with the same frameId hold rows of one frame. */
  readonly frameId: string;
  /** The rows of this piece; undefined in a piece that only says what went wrong. */
  readonly frame: Frame | undefined;
}

/** The answer to one query. Frames were encoded for Grafana and decoded again. */
export class TestQueryResult implements QueryOutcome {
  /** Empty where the query failed. */
  readonly frames: readonly Frame[];
  readonly error: string | undefined;
  readonly status: number;
  readonly errorSource: ErrorSource | undefined;

  constructor(frames: readonly Frame[], { error, status, errorSource }: QueryOutcome) {
    this.frames = frames;
    this.error = error;
    this.status = status;
    this.errorSource = errorSource;
  }

  /**
   * The frame of an answer that has just one.
   *
   * @throws TestQueryError when the query failed, or has none or several
   */
  get frame(): Frame {
    const [frame, ...more] = this.frames;
    if (this.error !== undefined) {
      throw new TestQueryError(`the query failed with status ${this.status} (${this.errorSource}): ${this.error}`);
    }
    if (frame === undefined || more.length > 0) {
      throw new TestQueryError(`the answer has ${this.frames.length} frames, not one`);
    }
    return frame;
  }
}

/** Which data source a query is for, as its JSON says it. */
export interface TestDataSourceRef {
  /** The plugin's id. */
  readonly type: string;
  readonly uid: string;
}

/**
 * Writes a request of queries. Frames are asked for as Arrow, as Grafana does.
 *
 * @param dataSource undefined where they are not for a data source
 */
export function toQueryRequest(
  queries: readonly TestQuery[],
  dataSource: TestDataSourceRef | undefined,
): Pick<QueryDataRequest, "format" | "queries"> {
  return { format: DataFrameFormat.ARROW, queries: queries.map((query) => toDataQuery(query, dataSource)) };
}

function toDataQuery(query: TestQuery, dataSource: TestDataSourceRef | undefined): DataQuery {
  const { refId, json, timeRange } = query;
  const saved = isObject(json) ? json : {};
  const from = timeRange === undefined ? Date.now() - SIX_HOURS_MS : readMoment(timeRange.from, "from");
  const to = timeRange === undefined ? Date.now() : readMoment(timeRange.to, "to");
  const maxDataPoints = query.maxDataPoints ?? count(saved["maxDataPoints"]) ?? 1_000;
  const asked = query.intervalMs ?? count(saved["intervalMs"]) ?? (to - from) / maxDataPoints;
  const intervalMs = Math.max(1, Math.round(asked));
  const queryType = query.queryType ?? (typeof saved["queryType"] === "string" ? saved["queryType"] : "");
  const sent = {
    ...(dataSource === undefined ? {} : { datasource: dataSource, datasourceId: DATA_SOURCE_ID }),
    ...saved,
    ...(query.queryType === undefined ? {} : { queryType }),
    refId,
    intervalMs,
    maxDataPoints,
  };
  return DataQuery.fromPartial({
    refId,
    queryType,
    maxDataPoints: BigInt(maxDataPoints),
    intervalMS: BigInt(intervalMs),
    timeRange: { fromEpochMS: BigInt(from), toEpochMS: BigInt(to) },
    json: new TextEncoder().encode(JSON.stringify(isObject(json) ? sent : json)),
  });
}

/** The number that Grafana still sends beside the uid. Source: `DataSourceWithBackend` of @grafana/runtime */
const DATA_SOURCE_ID = 1;

const SIX_HOURS_MS = 6 * 3_600_000;

function readMoment(moment: Moment, end: "from" | "to"): number {
  const ms = new Date(moment).getTime();
  if (Number.isNaN(ms)) {
    throw new TypeError(
      `timeRange.${end}: ${JSON.stringify(moment)} is no moment; give a Date, ms since 1970 or ISO 8601`,
    );
  }
  return ms;
}

/** Undefined for what Grafana, too, passes over in a query's JSON. */
function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the answer to one query. */
export function fromDataResponse(response: DataResponse): TestQueryResult {
  const frames = response.frames.map((bytes) => decodeArrow(bytes));
  return new TestQueryResult(frames, readOutcome(response));
}

/** Reads one piece of a chunked answer. */
export function fromChunk(response: QueryChunkedDataResponse): TestChunk {
  const { refId, frameId, frame } = response;
  return { refId, frameId, frame: frame.length === 0 ? undefined : decodeArrow(frame), ...readOutcome(response) };
}

function readOutcome({
  error,
  status,
  errorSource,
}: Pick<DataResponse, "error" | "status" | "errorSource">): QueryOutcome {
  return {
    error: error === "" ? undefined : error,
    status: status === 0 ? (error === "" ? 200 : 500) : status,
    errorSource: errorSource === "plugin" || errorSource === "downstream" ? errorSource : undefined,
  };
}
