import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { grpcTarget } from "../src/connection/plugin-address.js";
import { findStandalone } from "../src/index.js";

const pluginId = "acme-weather-datasource";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "framewright-host-"));
});

afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

describe("findStandalone", () => {
  it("finds none where no plugin runs standalone", async () => {
    expect(await findStandalone(folder, pluginId, {})).toBeUndefined();
    await write("standalone.txt", "\n");
    expect(await findStandalone(folder, pluginId, {})).toBeUndefined();
  });

  it("reads the files that the plugin leaves", async () => {
    await write("standalone.txt", ":54321\n");
    expect(await findStandalone(folder, pluginId, {})).toEqual({ network: "tcp", address: ":54321" });
    await write("pid.txt", `${process.pid}\n`);
    expect(await findStandalone(folder, pluginId, {})).toEqual({
      network: "tcp",
      address: ":54321",
      pid: process.pid,
    });
  });

  it("takes the files of a process that is gone for none", async () => {
    await write("standalone.txt", ":54321");
    await write("pid.txt", "not a number");
    expect(await findStandalone(folder, pluginId, {})).toBeUndefined();
  });

  it("prefers the address of the environment", async () => {
    await write("standalone.txt", ":54321");
    const env = { GF_PLUGIN_GRPC_ADDRESS_ACME_WEATHER_DATASOURCE: "127.0.0.1:10001" };
    expect(await findStandalone(folder, pluginId, env)).toEqual({ network: "tcp", address: "127.0.0.1:10001" });
  });

  it("fails on a file that it cannot read", async () => {
    await expect(findStandalone(join(folder, "\0"), pluginId, {})).rejects.toThrow(/null bytes/);
  });
});

describe("the address as grpc-js wants it", () => {
  it.each([
    ["unix", "/tmp/plugin1", "unix:/tmp/plugin1"],
    ["tcp", "127.0.0.1:10001", "dns:127.0.0.1:10001"],
    ["tcp", ":54321", "dns:127.0.0.1:54321"],
  ] as const)("%s %s is %s", (network, address, target) => {
    expect(grpcTarget({ network, address })).toBe(target);
  });
});
