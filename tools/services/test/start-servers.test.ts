import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { onFreePort } from "../src/free-port.js";
import { startServer } from "../src/server-process.js";
import { startMariadb } from "../src/start-mariadb.js";
import { startPostgres } from "../src/start-postgres.js";
import { untilReady } from "../src/until-ready.js";

describe("a server of a test", { timeout: 60_000 }, () => {
  test.for([["PostgreSQL", startPostgres] as const, ["MariaDB", startMariadb] as const])(
    "%s starts again in its folder, and leaves nothing behind when stopped",
    async ([, start], { skip }) => {
      const server = await start({});
      if (typeof server === "string") {
        return skip(server);
      }
      const folder = dirname(server.socket ?? "");
      await server.restart?.();
      expect(await connects(server.port)).toBe(true);
      expect(await exists(folder)).toBe(true);
      await server[Symbol.asyncDispose]();
      expect(await connects(server.port)).toBe(false);
      expect(await exists(folder)).toBe(false);
    },
  );

  test("is removed with its folder where it does not start again", async ({ skip }) => {
    const server = await startPostgres({});
    if (typeof server === "string") {
      return skip(server);
    }
    const folder = dirname(server.socket ?? "");
    await rm(join(folder, "data", "PG_VERSION"));
    await expect(server.restart?.()).rejects.toThrow("PostgreSQL did not start");
    expect(await exists(folder)).toBe(false);
  });

  test("takes another port where someone else was quicker", async ({ skip }) => {
    const ports: number[] = [];
    const taken = createServer();
    const server = await onFreePort(async (port) => {
      ports.push(port);
      if (ports.length === 1) {
        await once(taken.listen(port, "127.0.0.1"), "listening");
      }
      return startPostgres({ port });
    });
    taken.close();
    if (typeof server === "string") {
      return skip(server);
    }
    await server[Symbol.asyncDispose]();
    expect(ports).toHaveLength(2);
  });

  test("is not waited for without end where it takes connections and says nothing", async () => {
    const folder = await mkdtemp(join(tmpdir(), "framewright-mute-"));
    const socket = join(folder, "mute");
    const mute = createServer();
    await once(mute.listen(socket), "listening");
    const server = startServer({
      program: "sleep",
      args: ["3"],
      user: undefined,
      stop: `kill -TERM "$server"`,
      folder,
    });
    await expect(untilReady({ name: "It", server, at: { path: socket }, isReady: () => true })).rejects.toThrow(
      "It did not start",
    );
    expect(await exists(folder)).toBe(false);
    mute.close();
  });

  test("ends with the process that started it, also where that is killed", async ({ skip }) => {
    const script = fileURLToPath(new URL("doomed.mjs", import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(child.stdout, "data");
    child.kill("SIGKILL");
    const text = String(line).trim();
    if (text === "") {
      return skip("there is no PostgreSQL here");
    }
    const { port, socket }: { port: number; socket: string } = JSON.parse(text);
    while ((await connects(port)) || (await exists(dirname(socket)))) {
      await delay(50);
    }
  });
});

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
