import { spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startMariadb } from "../src/start-mariadb.js";
import { startPostgres } from "../src/start-postgres.js";

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
