import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const bin = join(dirname(createRequire(import.meta.url).resolve("@framewright/go-tool/package.json")), "bin");
const host = join(bin, process.platform === "win32" ? "host.exe" : "host");

/** The plugin made with the official SDK, as Grafana would install it. */
export const goPluginDist = join(bin, "go-plugin", "dist");

/** The SQL data source made with the official SDK. */
export const goSqlPlugin = join(bin, process.platform === "win32" ? "sql.exe" : "sql");

/** What calls of one kind came to. */
export interface CallsResult {
  readonly callsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Of one call, in ms. */
  readonly medianMs: number;
  /** The most memory that the plugin had; 0 where the system does not tell. */
  readonly peakBytes: number;
}

/** How long health checks took, in ms, beside a query that was answered so many times. */
export interface HealthResult {
  readonly queries: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** What starting a plugin several times came to, a number a start; memory in bytes, 0 where the system does not tell. */
export interface StartResult {
  readonly handshakeMs: readonly number[];
  readonly residentBytes: readonly number[];
  readonly loadedBytes: readonly number[];
}

/** Whether the programs of tools/go were built, which needs Go. */
export function hasGoHost(): boolean {
  return existsSync(host);
}

/** Has the official Go client call a plugin for a while. */
export async function benchCalls(executable: string, ...flags: string[]): Promise<CallsResult> {
  return JSON.parse(await bench(executable, ...flags));
}

/** Has the official Go client check a plugin's health while it answers a query. */
export async function benchHealth(executable: string, ...flags: string[]): Promise<HealthResult> {
  return JSON.parse(await bench(executable, "--case", "health", ...flags));
}

/** Has the official Go client start a plugin several times. */
export async function benchStarts(executable: string, runs: number): Promise<StartResult> {
  return JSON.parse(await bench(executable, "--case", "start", "--runs", String(runs)));
}

/** Says in one line why a benchmark is left out that the Go client drives. */
export function sayNoGoHost(benchmark: string): void {
  console.error(
    `${benchmark}: left out, since tools/go was not built; \`npm test -- --only go\` says what is missing\n`,
  );
}

async function bench(executable: string, ...flags: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(host, ["bench", executable, ...flags]);
  return stdout;
}
