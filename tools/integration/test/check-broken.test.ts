import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deviations } from "../broken/deviations.mjs";
import { brokenPlugin } from "../src/broken-plugin.js";
import { runCheck } from "../src/run-check.js";
import { type TemporaryFolder, temporaryFolder } from "../src/temporary-folder.js";

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder[Symbol.asyncDispose]());

describe.concurrent("framewright check", () => {
  test("finds nothing wrong with a plugin that does all right", async ({ expect }) => {
    const { exitCode, failed, requirements } = await runCheck(await brokenPlugin(folder, "none"), "--strict");
    expect(failed).toEqual([]);
    expect(exitCode).toBe(0);
    const unseen = requirements.filter(({ status }) => status === "not applicable").map(({ id }) => id);
    expect(unseen).toEqual(["A4", "Q6"]);
  });

  test.each(Object.entries(deviations))("finds the one thing that is wrong with %s", async (name, { fails }) => {
    const { exitCode, failed } = await runCheck(await brokenPlugin(folder, name), "--strict");
    expect(failed.map(({ id }) => id)).toEqual([fails]);
    expect(exitCode).toBe(1);
  });
});
