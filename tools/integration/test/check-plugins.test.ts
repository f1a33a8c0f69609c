import { locatePlugin } from "@framewright/host";
import { beforeAll, describe, expect, test } from "vitest";
import { csvDist } from "../src/csv-plugin.js";
import { goPluginDist, missingGo } from "../src/go-tools.js";
import { buildProbe } from "../src/probe-plugin.js";
import { type CheckRun, runCheck } from "../src/run-check.js";
import { temporaryFolder } from "../src/temporary-folder.js";
import { vegaFolder } from "../src/vega-datasets.js";

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: no plugin made with the official Go SDK was checked: ${reason}`);
}

/** The ids of requirements that do not concern the plugin, and all that is said of those that are not met. */
function outcomeOf({ exitCode, failed, requirements }: CheckRun) {
  const unseen = requirements.filter(({ status }) => status === "not applicable").map(({ id }) => id);
  return { exitCode, failed, unseen };
}

describe("framewright check", () => {
  beforeAll(buildProbe);

  test("finds nothing wrong with gpx_csv, even when it is strict", async () => {
    const settings = JSON.stringify({ folder: vegaFolder });
    const query = JSON.stringify([{ file: "stocks.csv" }, { file: "airports.csv" }]);
    const run = await runCheck(csvDist, "--strict", "--settings", settings, "--query", query);
    // It listens on a Unix socket.
    expect(outcomeOf(run)).toEqual({ exitCode: 0, failed: [], unseen: ["A4"] });
  });

  test("finds nothing wrong with the probe, which serves everything", async () => {
    const { executable } = await buildProbe();
    const run = await runCheck(executable, "--strict", "--query", '[{"rows":3},{"bytes":80}]');
    expect(outcomeOf(run)).toEqual({ exitCode: 0, failed: [], unseen: ["A4"] });
  });

  test.skipIf(reason !== undefined)("finds nothing wrong with a plugin made with the official SDK", async () => {
    const run = await runCheck(goPluginDist, "--query", '[{"rows":3},{"bytes":80}]');
    // What go-plugin does not demand of a plugin, and the Go SDK does not do: end well on SIGTERM, and with its host.
    expect(outcomeOf(run)).toEqual({ exitCode: 0, failed: [], unseen: ["A4", "E4", "E5", "E6"] });
    expect(run.requirements.find(({ id }) => id === "E5")?.why).toMatch(/recommended only; .*still ran after 5000 ms/);
  });

  test("says what it expected and what it saw, and ends with 1", async () => {
    const { executable } = await locatePlugin(csvDist);
    await using folder = await temporaryFolder();
    const silent = await folder.write("gpx_silent", `#!/bin/sh\nexec '${executable}' 2>/dev/null\n`, 0o755);
    const { exitCode, failed } = await runCheck(silent);
    expect(exitCode).toBe(1);
    expect(failed).toMatchObject([{ id: "H2", expected: "a text for whoever started it by hand", seen: "nothing" }]);
  });

  test("comes to an end with what is no plugin at all", async () => {
    await using folder = await temporaryFolder();
    const program = await folder.write("gpx_program", "#!/bin/sh\necho hello\nexec sleep 60\n", 0o755);
    const { exitCode, failed } = await runCheck(program);
    expect(exitCode).toBe(1);
    expect(failed.map(({ id }) => id)).toEqual(["H1", "H4", "H5"]);
    expect(failed[1]?.seen).toContain('"hello"');
  });

  test("says so when the executable cannot be run", async () => {
    await using folder = await temporaryFolder();
    const text = await folder.write("gpx_text", "no program");
    await expect(runCheck(text)).rejects.toThrow(/gpx_text cannot be run: .*EACCES/);
  });
});
