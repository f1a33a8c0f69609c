import type { Fill } from "@framewright/data";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { DownstreamError } from "../../errors.js";
import type { FillSetting } from "../fill-setting.js";

/** What a query's result is to become. */
export type SqlFormat = "table" | "time_series" | "logs";

/** A query as the editors of Grafana's own SQL data sources store it, and those of plugins made with the Go SDK's `sqlutil`. */
export interface SqlQuery {
  /** The text with its macros. Empty where nothing has been written yet. */
  readonly rawSql: string;
  /** What is made of the result. */
  readonly format: SqlFormat;
  /** How gaps are to be filled, where the query says so beside its text. What a macro says comes first. */
  readonly fill: FillSetting | undefined;
  /** What `$__table` becomes. */
  readonly table: string | undefined;
  /** What `$__column` becomes. */
  readonly column: string | undefined;
}

/** How formats are stored: Grafana's own editors write the words, `sqlutil` also the numbers. */
const formats: ReadonlyMap<unknown, SqlFormat> = new Map<unknown, SqlFormat>([
  ["table", "table"],
  ["time_series", "time_series"],
  ["timeseries", "time_series"],
  ["logs", "logs"],
  ["", "time_series"],
  [0, "time_series"],
  [1, "table"],
  [2, "logs"],
  ["0", "time_series"],
  ["1", "table"],
  ["2", "logs"],
  [undefined, "time_series"],
  [null, "time_series"],
]);

/**
 * Reads a query's JSON. What other editors keep beside it is passed over.
 * @throws {DownstreamError} with status 400 that names each member that is wrong
 */
export function parseSqlQuery(value: unknown): SqlQuery {
  const read = readSqlQuery(value);
  if ("issues" in read) {
    const problems = read.issues.map(({ path, message }) => `${["query", ...path].join(".")}: ${message}`);
    throw new DownstreamError(problems.join("; "), { status: 400 });
  }
  return read.value;
}

/** {@link parseSqlQuery} as a Standard Schema validator, for the `schema.query` of `defineDataSource`. */
export const sqlQuerySchema: StandardSchemaV1<unknown, SqlQuery> = {
  "~standard": { version: 1, vendor: "framewright", validate: readSqlQuery },
};

interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

function readSqlQuery(value: unknown): { value: SqlQuery } | { issues: Issue[] } {
  if (!isObject(value)) {
    return { issues: [{ path: [], message: "must be an object" }] };
  }
  const issues: Issue[] = [];
  const text = (name: string): string | undefined => {
    const member = value[name];
    if (member === undefined || member === null || typeof member === "string") {
      return member ?? undefined;
    }
    issues.push({ path: [name], message: "must be a text" });
    return undefined;
  };
  const format = formats.get(formatKey(value["format"]));
  if (format === undefined) {
    issues.push({ path: ["format"], message: "must be table, time_series or logs" });
  }
  const query = {
    rawSql: text("rawSql") ?? "",
    format: format ?? "table",
    fill: readFill(value, issues),
    table: text("table"),
    column: text("column"),
  } as const;
  return issues.length > 0 ? { issues } : { value: query };
}

function formatKey(format: unknown): unknown {
  return typeof format === "string" ? format.trim().toLowerCase() : format;
}

/** Fill modes as `sqlutil` numbers them. Source: `FillMode` of the Go SDK's data package. */
const numberedModes = ["previous", "null", "value"] as const;

/**
 * Reads `fill`, `fillInterval` in seconds, `fillMode` and `fillValue`, as Grafana's own data sources name them; or
 * `fillMode: { Mode, Value }`, as `sqlutil` does.
 */
function readFill(query: Readonly<Record<string, unknown>>, issues: Issue[]): FillSetting | undefined {
  const { fill, fillMode, fillInterval, fillValue } = query;
  if (isObject(fillMode)) {
    const number = fillMode["Mode"] ?? fillMode["mode"];
    const mode = typeof number === "number" ? numberedModes[number] : undefined;
    const value = fillOf(mode, fillMode["Value"] ?? fillMode["value"] ?? 0);
    if (value === undefined) {
      issues.push({ path: ["fillMode"], message: "must have a Mode of 0, 1 or 2, and a number as Value" });
      return undefined;
    }
    return { fill: value, interval: undefined };
  }
  if (fill !== true) {
    return undefined;
  }
  const value = fillOf(typeof fillMode === "string" ? fillMode.toLowerCase() : fillMode, fillValue ?? 0);
  if (value === undefined) {
    issues.push({
      path: ["fillMode"],
      message: "must be null, previous or value, the last with a number as fillValue",
    });
    return undefined;
  }
  if (typeof fillInterval !== "number" || !(fillInterval >= 1e-9 && fillInterval < 1e9)) {
    issues.push({ path: ["fillInterval"], message: "must be a number of seconds above 0" });
    return undefined;
  }
  return { fill: value, interval: BigInt(Math.round(fillInterval * 1e9)) };
}

function fillOf(mode: unknown, value: unknown): Exclude<Fill, "none"> | undefined {
  if (mode === "null" || mode === "previous") {
    return mode;
  }
  return mode === "value" && typeof value === "number" && Number.isFinite(value) ? { value } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
