import { describe, expect, test } from "vitest";
import { readTarget } from "../backend/wire/target.js";

const read = (url: string) => readTarget(url, 5432, (folder, port) => `${folder}/.s.PGSQL.${port}`);

describe("where a server is", () => {
  test.each([
    ["localhost", { host: "localhost", port: 5432 }, "localhost", "localhost:5432"],
    [" db.example:6432 ", { host: "db.example", port: 6432 }, "db.example", "db.example:6432"],
    ["postgres://db.example:6432/", { host: "db.example", port: 6432 }, "db.example", "db.example:6432"],
    ["10.0.0.1:5433", { host: "10.0.0.1", port: 5433 }, "10.0.0.1", "10.0.0.1:5433"],
    ["[::1]:5433", { host: "::1", port: 5433 }, "::1", "[::1]:5433"],
    ["[::1]", { host: "::1", port: 5432 }, "::1", "[::1]:5432"],
    [
      "/var/run/postgresql",
      { path: "/var/run/postgresql/.s.PGSQL.5432" },
      undefined,
      "/var/run/postgresql/.s.PGSQL.5432",
    ],
    ["/tmp:5433", { path: "/tmp/.s.PGSQL.5433" }, undefined, "/tmp/.s.PGSQL.5433"],
  ])("%s", (url, destination, host, address) => {
    expect(read(url)).toEqual({ destination, host, address });
  });

  test.each(["", " ", "::1:5432:1", "db:0", "db:65536", "db:port", ":5432", "http://db"])("%o is refused", (url) => {
    expect(() => read(url)).toThrow(/^url: .*it must be host:port, or the path of a Unix socket$/);
  });

  test.each(["postgres://u:top-secret@db:5432", "u:top-secret@db", "top-secret@"])("%s is not shown", (url) => {
    expect(() => read(url)).toThrow(/^url: it must be host:port alone; user and password have fields of their own$/);
  });
});
