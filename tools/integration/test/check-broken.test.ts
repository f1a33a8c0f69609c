import { type CheckResult, checkPlugin } from "@framewright/cli/check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deviations } from "../broken/backend/deviations.js";
import { brokenPlugin, buildBroken } from "../src/broken-plugin.js";
import { type TemporaryFolder, temporaryFolder } from "../src/temporary-folder.js";

let folder: TemporaryFolder;
let executable: string;

beforeAll(async () => {
  executable = await buildBroken();
  folder = await temporaryFolder();
});

afterAll(() => folder[Symbol.asyncDispose]());

async function check(deviation: string): Promise<CheckResult[]> {
  const target = {
    executable: await brokenPlugin(folder, executable, deviation),
    context: { pluginId: "framewright-broken-datasource", dataSource: { uid: "broken", name: "Broken" } },
    queries: [{}],
  } as const;
  return checkPlugin(target, { strict: true });
}

function idsOf(results: readonly CheckResult[], status: string): string[] {
  return results.filter(({ verdict }) => verdict.status === status).map(({ requirement }) => requirement.id);
}

describe.concurrent("framewright check", () => {
  test("finds nothing wrong with a plugin that does all right", async () => {
    const results = await check("none");
    expect(results.filter(({ verdict }) => verdict.status === "failed")).toEqual([]);
    expect(idsOf(results, "not applicable")).toEqual(["A4", "S7", "Q6"]);
  });

  test.each(Object.entries(deviations))("finds the one thing that is wrong with %s", async (name, { fails }) => {
    const results = await check(name);
    expect(idsOf(results, "failed")).toEqual([fails]);
  });
});
