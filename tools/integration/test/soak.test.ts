import { type LogEntry, startPlugin } from "@framewright/host";
import { expect, test } from "vitest";
import { mebibytes, sampleMemory } from "../src/memory-samples.js";
import { buildProbe } from "../src/probe-plugin.js";
import { soakOperations } from "../src/soak-operations.js";

/** How long calls are made: 20 s, and 5 minutes in the nightly run. */
const SECONDS = Number(process.env["FRAMEWRIGHT_SOAK_SECONDS"] ?? 20);

const CALLERS = 16;

/** How much more memory the plugin may have at the end than after the first tenth. */
const MEMORY_GROWTH = 1.3;

test(
  `${CALLERS} callers for ${SECONDS} s: no error but those asked for, and no growing memory`,
  async () => {
    const { executable } = await buildProbe();
    const errors: LogEntry[] = [];
    const onLog = (entry: LogEntry) => void (entry.level === "error" && errors.push(entry));
    const plugin = await startPlugin({ executable, onLog });
    const end = performance.now() + SECONDS * 1_000;
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

    const callers = Array.from({ length: CALLERS }, (_, caller) => runCaller(caller));
    const memory = await sampleMemory(plugin.pid, Promise.all(callers));

    expect(failures).toEqual([]);
    expect(errors).toEqual([]);
    expect([...calls.keys()].sort()).toEqual(Object.keys(soakOperations).sort());
    const [early, late] = [memory.median(0.1, 0.2), memory.median(0.9, 1)];
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
    console.info(`${total} calls; resident ${mebibytes(early)} after a tenth, ${mebibytes(late)} at the end`);
    expect(late / early).toBeLessThanOrEqual(MEMORY_GROWTH);
    expect(await plugin.stop()).toEqual({ code: 0, signal: undefined, killed: false });
  },
  (SECONDS + 60) * 1_000,
);
