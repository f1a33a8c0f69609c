import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { binaryName, hostPlatform, locatePlugin } from "../src/index.js";

const name = binaryName("gpx_a", hostPlatform());
const manifest = JSON.stringify({
  id: "acme-a-datasource",
  backend: true,
  executable: "gpx_a",
  info: { version: "1.0.0" },
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "framewright-host-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the binary of a built plugin", () => {
  it("is this machine's beside plugin.json, named by the folder or by itself", async () => {
    await writeFile(join(folder, "plugin.json"), manifest);
    await writeFile(join(folder, name), "");
    const located = { executable: join(folder, name), pluginId: "acme-a-datasource", version: "1.0.0" };
    expect(await locatePlugin(folder)).toEqual(located);
    expect(await locatePlugin(join(folder, name))).toEqual(located);
  });

  it("may stand alone", async () => {
    await writeFile(join(folder, "some-plugin"), "");
    expect(await locatePlugin(join(folder, "some-plugin"))).toEqual({
      executable: join(folder, "some-plugin"),
      pluginId: "some-plugin",
      version: undefined,
    });
  });

  it("is not there: the message says what is", async () => {
    await expect(locatePlugin(join(folder, "no"))).rejects.toThrow(/no does not exist$/);
    await expect(locatePlugin(folder)).rejects.toThrow(/holds no plugin\.json: run "framewright build" first/);
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "dist", "plugin.json"), manifest);
    await expect(locatePlugin(folder)).rejects.toThrow(/the built plugin is in .*dist$/);
    await expect(locatePlugin(join(folder, "dist"))).rejects.toThrow(
      /no binary is there: run "framewright build --target/,
    );
    await writeFile(join(folder, "dist", "gpx_a_plan9_mips"), "");
    await expect(locatePlugin(join(folder, "dist"))).rejects.toThrow(/there is gpx_a_plan9_mips/);
  });
});
