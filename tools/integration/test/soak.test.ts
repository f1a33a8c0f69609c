import { type LogEntry, startPlugin } from "@framewright/host";
import { expect, test } from "vitest";
import { buildProbe } from "../src/probe-plugin.js";
import { residentBytes } from "../src/process-memory.js";
import { soakOperations } from "../src/soak-operations.js";

/** How long calls are made: 20 s, and 5 minutes in the nightly run. */
const SECONDS = Number(process.env["FRAMEWRIGHT_SOAK_SECONDS"] ?? 20);

const CALLERS = 16;
const SAMPLE_MS = 100;

/** How much more memory the plugin may have at the end than after the first tenth. */
const MEMORY_GROWTH = 1.3;

test(
  `${CALLERS} callers for ${SECONDS} s: no error but those asked for, and no growing memory`,
  async () => {
    const { executable } = await buildProbe();
    const errors: LogEntry[] = [];
    const onLog = (entry: LogEntry) => void (entry.level === "error" && errors.push(entry));
    const plugin = await startPlugin({ executable, onLog });
    const started = performance.now();
    const end = started + SECONDS * 1_000;
    const failures: string[] = [];
    const calls = new Map<string, number>();
    const operations = Object.entries(soakOperations);

    async function runCaller(caller: number): Promise<void> {
      for (let turn = caller; performance.now() < end && failures.length === 0; turn++) {
        const [name = "", operation] = operations[turn % operations.length] ?? [];
        await operation?.(plugin).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
        calls.set(name, (calls.get(name) ?? 0) + 1);
      }
    }

    const samples: { readonly at: number; readonly bytes: number }[] = [];
    const timer = setInterval(() => {
      samples.push({ at: (performance.now() - started) / (SECONDS * 1_000), bytes: residentBytes(plugin.pid) });
    }, SAMPLE_MS);
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => runCaller(caller)));
    clearInterval(timer);

    expect(failures).toEqual([]);
    expect(errors).toEqual([]);
    expect([...calls.keys()].sort()).toEqual(Object.keys(soakOperations).sort());
    const [early, late] = [medianBytes(samples, 0.1, 0.2), medianBytes(samples, 0.9, 1)];
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
    console.info(`${total} calls; resident ${mebibytes(early)} MiB after a tenth, ${mebibytes(late)} MiB at the end`);
    expect(late / early).toBeLessThanOrEqual(MEMORY_GROWTH);
    expect(await plugin.stop()).toEqual({ code: 0, signal: undefined, killed: false });
  },
  (SECONDS + 60) * 1_000,
);

/** The middle one of the samples in a part of the time. A single one would be before or after a garbage collection. */
function medianBytes(samples: readonly { at: number; bytes: number }[], from: number, to: number): number {
  const bytes = samples.filter(({ at }) => at >= from && at <= to).map((sample) => sample.bytes);
  bytes.sort((a, b) => a - b);
  return bytes[bytes.length >> 1] ?? Number.NaN;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
