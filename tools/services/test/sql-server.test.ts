import { afterEach, expect, test, vi } from "vitest";
import { missingServer } from "../src/sql-server.js";
import { startMariadb } from "../src/start-mariadb.js";
import { startPostgres } from "../src/start-postgres.js";

afterEach(() => void vi.unstubAllEnvs());

test.each([
  ["FRAMEWRIGHT_POSTGRES_URL", startPostgres, 5432],
  ["FRAMEWRIGHT_MYSQL_URL", startMariadb, 3306],
])("%s names the server where nothing is asked of it", async (variable, start, port) => {
  vi.stubEnv(variable, "sql://me%40home:p%2Fw@db.example/data%20base");
  expect(await start()).toMatchObject({
    host: "db.example",
    port,
    user: "me@home",
    password: "p/w",
    database: "data base",
  });
  vi.stubEnv(variable, "sql://me:pw@db.example:9999/data");
  const named = await start();
  expect(named).toMatchObject({ port: 9999, socket: undefined });
  expect(named).not.toHaveProperty("restart");
});

test("what is missing is said aloud, and is an error on CI", () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  vi.stubEnv("CI", "");
  const text = "Oracle was not found on this machine: buy it, or name a server in ORACLE_URL";
  expect(missingServer("Oracle", "buy it", "ORACLE_URL")).toBe(text);
  expect(said).toHaveBeenCalledWith(`\n!!! ${text}. The tests that need it are SKIPPED.\n`);
  said.mockRestore();
  vi.stubEnv("CI", "true");
  expect(() => missingServer("Oracle", "buy it")).toThrow("Oracle was not found on this machine: buy it");
});
