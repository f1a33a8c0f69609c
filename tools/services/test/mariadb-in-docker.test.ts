import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { findDocker } from "../src/find-docker.js";
import { findProgram } from "../src/find-program.js";
import { MARIADB_IMAGE, startMariadbInDocker } from "../src/start-mariadb-in-docker.js";

const run = promisify(execFile);

afterEach(() => void vi.unstubAllEnvs());

describe("where Docker cannot be used, it is said why", () => {
  test("there is no docker command", async () => {
    const empty = await mkdtemp(join(tmpdir(), "framewright-empty-"));
    vi.stubEnv("PATH", empty);
    expect(await findDocker(MARIADB_IMAGE)).toBe("there is no docker command");
    await rm(empty, { recursive: true });
  });

  test("its engine does not answer", async () => {
    vi.stubEnv("DOCKER_HOST", `unix://${join(tmpdir(), "framewright-no-engine.sock")}`);
    const expected =
      (await findProgram("docker")) === undefined ? /^there is no/ : /^Docker's engine does not answer \(.+\)$/;
    expect(await findDocker(MARIADB_IMAGE)).toMatch(expected);
  });
});

const docker = await findDocker(MARIADB_IMAGE);

// Few machines have an engine, and what it is for is there without one on the others.
if (typeof docker !== "string") {
  describe("MariaDB by Docker", { timeout: 120_000 }, () => {
    const ask = async (...args: readonly string[]): Promise<string[]> =>
      (await run(docker.program, args)).stdout.split("\n").filter((line) => line !== "");
    const containers = (): Promise<string[]> => ask("ps", "--all", "--quiet", "--filter", "name=framewright-mariadb-");

    /** The container that was started since, and its volume. */
    async function startedSince(before: readonly string[]): Promise<{ container: string; volume: string }> {
      const [container = "", ...more] = (await containers()).filter((id) => !before.includes(id));
      expect(more).toEqual([]);
      const [volume = ""] = await ask("inspect", "--format", "{{range .Mounts}}{{.Name}}{{end}}", container);
      expect(await ask("volume", "ls", "--quiet")).toContain(volume);
      return { container, volume };
    }

    test("starts again with what it has, and leaves nothing behind when stopped", async () => {
      const before = await containers();
      const server = await startMariadbInDocker(docker, {});
      const { container, volume } = await startedSince(before);
      await server.restart?.();
      expect(await containers()).toContain(container);
      await server[Symbol.asyncDispose]();
      expect(await containers()).not.toContain(container);
      expect(await ask("volume", "ls", "--quiet")).not.toContain(volume);
    });

    test("ends with the process that started it, also where that is killed", async () => {
      const before = await containers();
      const script = fileURLToPath(new URL("doomed-docker.mjs", import.meta.url));
      const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      const { container, volume } = await startedSince(before);
      child.kill("SIGKILL");
      while ((await containers()).includes(container)) {
        await delay(100);
      }
      expect(await ask("volume", "ls", "--quiet")).not.toContain(volume);
    });
  });
}
