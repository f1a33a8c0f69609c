import { spawn } from "node:child_process";
import type { SqlServer } from "@framewright/services";
import { benchCalls, type CallsResult, goSqlPlugin, hasGoHost, sayNoGoHost } from "./go-host.js";
import { readAndDrop } from "./read-and-drop.js";
import type { Measurement, Report } from "./report.js";
import {
  dataSourceFlags,
  mariadbWithReadings,
  postgresWithReadings,
  READINGS,
  sqlExecutable,
  TABLE,
} from "./sql-readings.js";
import { median } from "./statistics.js";

const ROUNDS = 5;

/** How long small queries run before they are measured, in s: so long a runtime goes on compiling what is called most. */
const WARM = 15;

const ROW = "SELECT t, v, h FROM readings WHERE n = 777";

/**
 * gpx_sql beside a data source that is made with the official Go SDK, its `sqlutil` and the usual driver: the same table of the
 * same database, both driven by go-plugin's own client. Beside them what nobody can do without: the database's bytes, read and
 * dropped. For PostgreSQL also psql, which writes the rows to a pipe.
 */
export async function sqlPlugin(): Promise<readonly Report[]> {
  if (!hasGoHost()) {
    sayNoGoHost("sql");
    return [];
  }
  return [...(await ofPostgres()), ...(await ofMariadb())];
}

async function ofPostgres(): Promise<readonly Report[]> {
  const server = await postgresWithReadings();
  if (server === undefined) {
    return [];
  }
  await using running = server;
  return await compare("PostgreSQL", "postgres", running, await timesOfPsql(running));
}

async function ofMariadb(): Promise<readonly Report[]> {
  const server = await mariadbWithReadings();
  if (server === undefined) {
    return [];
  }
  await using running = server;
  return await compare("MariaDB", "mysql", running, []);
}

async function compare(
  name: string,
  engine: string,
  server: SqlServer,
  others: readonly Measurement[],
): Promise<readonly Report[]> {
  const executable = await sqlExecutable();
  const flags = dataSourceFlags(engine, server);
  const ask = async (program: string, rawSql: string, callers: number, warm: number): Promise<CallsResult> =>
    benchCalls(
      program,
      ...["--case", "queries", "--callers", String(callers), "--seconds", "2", "--warm", String(warm), ...flags],
      ...["--queries", JSON.stringify([{ rawSql, format: "table" }])],
    );
  const [ours, go] = await takeTurns([executable, goSqlPlugin], (program) => ask(program, TABLE, 1, 0));
  const [ourCalls, goCalls] = await takeTurns([executable, goSqlPlugin], (program) => ask(program, ROW, 16, WARM));
  const bytesAlone: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bytesAlone.push(await readAndDrop(engine, server, TABLE));
  }
  const dropped = { what: "the database's bytes, read and dropped", value: median(bytesAlone) };
  const measured = (
    what: string,
    results: readonly CallsResult[],
    of: (result: CallsResult) => number,
  ): Measurement => ({
    what,
    value: median(results.map(of)),
  });
  const report = (
    title: string,
    unit: string,
    better: Report["better"],
    of: (result: CallsResult) => number,
  ): Report => ({
    title: `${name}, ${READINGS.toLocaleString("en")} rows of time, number and text: ${title}, median of ${ROUNDS}`,
    unit,
    better,
    ours: measured("gpx_sql", ours, of),
    others: [measured("Go SDK, sqlutil and driver", go, of)],
  });
  const time = report("time", "ms", "lower", ({ medianMs }) => medianMs);
  return [
    { ...time, others: [...time.others, ...others, dropped] },
    report("peak memory", "MB", "lower", ({ peakBytes }) => peakBytes / 1e6),
    {
      title: `${name}, one row, 16 callers, after ${WARM} s of the same, median of ${ROUNDS}`,
      unit: "queries/s",
      better: "higher",
      ours: measured("gpx_sql", ourCalls, ({ callsPerSecond }) => callsPerSecond),
      others: [measured("Go SDK, sqlutil and driver", goCalls, ({ callsPerSecond }) => callsPerSecond)],
    },
  ];
}

/** Measures both in turn, several times over, so that what the machine does meanwhile falls on both alike. */
async function takeTurns<T>(
  [first, second]: readonly [string, string],
  measure: (program: string) => Promise<T>,
): Promise<[T[], T[]]> {
  const results: [T[], T[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    results[0].push(await measure(first));
    results[1].push(await measure(second));
  }
  return results;
}

/** How long psql takes to write the table to a pipe by binary COPY; nothing where there is no psql. */
async function timesOfPsql({ host, port, user, password, database }: SqlServer): Promise<readonly Measurement[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const copy = `COPY (${TABLE}) TO STDOUT (FORMAT binary)`;
    const args = ["-h", host, "-p", String(port), "-U", user, "-d", database, "-c", copy];
    const child = spawn("psql", args, {
      env: { ...process.env, PGPASSWORD: password },
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.resume();
    const code = await new Promise<number | null>((resolve) => {
      child.once("error", () => resolve(null));
      child.once("close", resolve);
    });
    if (code !== 0) {
      return [];
    }
    times.push(performance.now() - started);
  }
  return [{ what: "psql, binary COPY to a pipe", value: median(times) }];
}
