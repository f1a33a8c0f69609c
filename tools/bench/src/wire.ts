import { locatePlugin } from "@framewright/host";
import { buildProbe } from "./build-probe.js";
import { benchCalls, benchStarts, goPluginDist, hasGoHost, sayNoGoHost } from "./go-host.js";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

const ROUNDS = 3;
const SECONDS = "1.5";
const STARTS = 5;

/** A plugin that is measured. */
interface Contender {
  readonly what: string;
  readonly executable: string;
  readonly flags: readonly string[];
}

/**
 * The compiled probe beside a plugin that is made with the official Go SDK and does the same, both driven by go-plugin's own
 * client. The SDK writes three log lines a call; a third contender is the same plugin with that switched off.
 */
export async function wire(): Promise<readonly Report[]> {
  if (!hasGoHost()) {
    sayNoGoHost("wire");
    return [];
  }
  const ours = { what: "our probe, compiled", executable: await buildProbe(), flags: [] };
  const { executable } = await locatePlugin(goPluginDist);
  const go = { what: "Go SDK", executable, flags: [] };
  const quietGo = { what: "Go SDK, its log switched off", executable, flags: ["--env", "FRAMEWRIGHT_QUIET=1"] };
  const all = [ours, go, quietGo] as const;
  return [
    await smallCalls(all, 1),
    await smallCalls(all, 16),
    await smallCalls(all, 64),
    await largeAnswers([ours, go], 1_000_000),
    await largeAnswers([ours, go], 20_000_000),
    ...(await starts([ours, go])),
  ];
}

async function smallCalls(contenders: readonly Contender[], callers: number): Promise<Report> {
  const flags = ["--case", "small", "--callers", String(callers), "--seconds", SECONDS];
  const results = await takeTurns(contenders, async ({ executable, flags: more }) => {
    return (await benchCalls(executable, ...flags, ...more)).callsPerSecond;
  });
  const title = `Small calls, ${callers} ${callers === 1 ? "caller" : "callers at once"}, median of ${ROUNDS}`;
  return report(title, "calls/s", "higher", contenders, results);
}

async function largeAnswers(contenders: readonly Contender[], bytes: number): Promise<Report> {
  const flags = ["--case", "bytes", "--bytes", String(bytes), "--seconds", SECONDS];
  const results = await takeTurns(contenders, async ({ executable, flags: more }) => {
    return (await benchCalls(executable, ...flags, ...more)).bytesPerSecond / 1e6;
  });
  return report(`Answers of ${bytes / 1e6} MB, median of ${ROUNDS}`, "MB/s", "higher", contenders, results);
}

async function starts(contenders: readonly Contender[]): Promise<readonly Report[]> {
  const handshakes: number[][] = [];
  const idle: number[][] = [];
  const loaded: number[][] = [];
  await takeTurns(contenders, async ({ executable }, index) => {
    const result = await benchStarts(executable, STARTS);
    const megabytes = (values: readonly number[]): number[] => values.map((value) => value / 1e6);
    handshakes[index] = [...(handshakes[index] ?? []), ...result.handshakeMs];
    idle[index] = [...(idle[index] ?? []), ...megabytes(result.residentBytes)];
    loaded[index] = [...(loaded[index] ?? []), ...megabytes(result.loadedBytes)];
    return 0;
  });
  const count = STARTS * ROUNDS;
  return [
    report(`Start to handshake, median of ${count}`, "ms", "lower", contenders, handshakes),
    report("Resident memory after the start", "MB", "lower", contenders, idle),
    report("Resident memory after a second of small calls from 16 callers", "MB", "lower", contenders, loaded),
  ];
}

/** Measures each contender in turn, several times over, so that what the machine does meanwhile falls on all alike. */
async function takeTurns(
  contenders: readonly Contender[],
  measure: (contender: Contender, index: number) => Promise<number>,
): Promise<readonly (readonly number[])[]> {
  const results = contenders.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      results[index]?.push(await measure(contender, index));
    }
  }
  return results;
}

function report(
  title: string,
  unit: string,
  better: Report["better"],
  contenders: readonly Contender[],
  results: readonly (readonly number[])[],
): Report {
  const [ours, ...others] = contenders.map(({ what }, index) => ({ what, value: median(results[index] ?? []) }));
  if (ours === undefined) {
    throw new TypeError("a benchmark needs a contender");
  }
  return { title, unit, better, ours, others };
}
