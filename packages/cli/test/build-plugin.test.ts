import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { binaryName, hostPlatform } from "@framewright/host";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildPlugin } from "../src/build-plugin.js";

const run = promisify(execFile);
const host = hostPlatform();
const binary = binaryName("gpx_tiny", host);

const pluginJson = {
  type: "datasource",
  id: "acme-tiny-datasource",
  name: "Tiny",
  backend: true,
  executable: "gpx_tiny",
  info: { version: "%VERSION%", updated: "%TODAY%" },
};

const backend = `
import { fail } from "./fail.js";

if (process.argv.includes("--fail")) {
  try {
    fail();
  } catch (error) {
    console.log(error.stack);
  }
} else {
  console.log(JSON.stringify({ dotenv: process.env["FROM_DOTENV"] ?? null, mode: process.env.NODE_ENV }));
}
`;

const failing = `class OddFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

export function fail(): never {
  throw new OddFailure("on purpose");
}
`;

let folder: string;

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "framewright-build-"));
  await put({
    "package.json": '{"name":"tiny","version":"1.2.3"}',
    "src/plugin.json": JSON.stringify(pluginJson),
    "src/img/logo.svg": "<svg/>",
    "src/img/more/a.txt": "a",
    "README.md": "# %PLUGIN_ID% %VERSION%",
    "CHANGELOG.md": "changes",
    "backend/main.ts": backend,
    "backend/fail.ts": failing,
  });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("building a plugin", { timeout: 60_000 }, () => {
  it("makes a folder that Grafana can load, and a binary that what lies around does not change", async () => {
    await put({ "dist/module.js": "the frontend", "dist/.framewright-build-0/half": "", LICENSE: "licence" });
    const built = await buildPlugin({ folder, targets: [host] });

    expect(built.pluginId).toBe("acme-tiny-datasource");
    expect(built.assets.missing).toEqual([]);
    expect(built.assets.copied).toEqual(["plugin.json", "README.md", "CHANGELOG.md", "LICENSE", "img/ (2 files)"]);
    expect((await readdir(built.dist)).sort()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", binary, "img", "module.js", "plugin.json"].sort(),
    );
    expect(await readFile(join(built.dist, "README.md"), "utf8")).toBe("# acme-tiny-datasource 1.2.3");
    expect(JSON.parse(await readFile(join(built.dist, "plugin.json"), "utf8"))).toMatchObject({
      info: { version: "1.2.3", updated: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) },
    });
    expect(await readFile(join(built.dist, "img", "more", "a.txt"), "utf8")).toBe("a");
    const path = join(built.dist, binary);
    expect(built.binaries).toMatchObject([{ name: binary, platform: host, bytes: (await stat(path)).size }]);

    await put({
      "run/.env": "FROM_DOTENV=yes",
      "run/bunfig.toml": 'preload = ["./preload.ts"]',
      "run/preload.ts": 'console.log("preloaded")',
    });
    const { stdout } = await run(path, [], { cwd: join(folder, "run"), env: {} });
    expect(JSON.parse(stdout)).toEqual({ dotenv: null, mode: "production" });

    const stack = (await run(path, ["--fail"], { env: {} })).stdout;
    expect(stack).toMatch(/^OddFailure: on purpose\n\s+at fail \(backend[/\\]fail\.ts:9:\d+\)/);

    // The same input makes the same bytes.
    const first = await readFile(path);
    await buildPlugin({ folder, targets: [host] });
    expect(first.equals(await readFile(path))).toBe(true);
  });

  it("shows where the source is wrong, and leaves dist as it was", async () => {
    await put({ [`dist/${binary}`]: "the binary before", "backend/main.ts": "const a = 1;\nconst b: = 2;\n" });
    await expect(buildPlugin({ folder, targets: [host] })).rejects.toThrow(/at backend[/\\]main\.ts:2:\d+/);
    await put({ "backend/main.ts": 'import { a } from "no-such-package";\nconsole.log(a);\n' });
    await expect(buildPlugin({ folder, targets: [host] })).rejects.toThrow(
      /"no-such-package"[\s\S]*backend[/\\]main\.ts:1:/,
    );
    expect(await readdir(join(folder, "dist"))).toEqual([binary]);
    expect(await readFile(join(folder, "dist", binary), "utf8")).toBe("the binary before");
  });

  it("does not depend on what the environment tells Bun", async () => {
    vi.stubEnv("BUN_OPTIONS", "--preload=./no-such-file.ts");
    vi.stubEnv("BUN_BE_BUN", "0");
    try {
      const { binaries } = await buildPlugin({ folder, targets: [host] });
      expect(binaries.map(({ warnings }) => warnings)).toEqual([""]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("leaves nothing behind when it is stopped", async () => {
    const controller = new AbortController();
    const building = buildPlugin({
      folder,
      targets: [host],
      signal: controller.signal,
      onStart: () => setTimeout(() => controller.abort(new Error("stopped")), 100),
    });
    await expect(building).rejects.toThrow("stopped");
    expect(await readdir(join(folder, "dist"))).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".bun-build"))).toEqual([]);
  });

  it("says what is missing", async () => {
    await rm(join(folder, "backend"), { recursive: true });
    await expect(buildPlugin({ folder, targets: [host] })).rejects.toThrow(/backend[/\\]main\.ts does not exist/);
    await rm(join(folder, "src", "plugin.json"));
    await expect(buildPlugin({ folder, targets: [host] })).rejects.toThrow(/src[/\\]plugin\.json does not exist/);
    await expect(buildPlugin({ folder: join(folder, "no"), targets: [host] })).rejects.toThrow(/no does not exist/);
  });

  it("refuses a version that Grafana cannot compare", async () => {
    await put({ "package.json": '{"version":"next"}' });
    await expect(buildPlugin({ folder, targets: [host] })).rejects.toThrow(/"version" is "next", not a version/);
  });
});
