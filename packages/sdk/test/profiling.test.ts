import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { log } from "../src/log/logger.js";
import { hostAndPort, readProfileAddress } from "../src/profiling/profile-address.js";
import { serveProfiles } from "../src/profiling/serve-profiles.js";

describe("the address of profiles", () => {
  it.each([
    ["", "127.0.0.1", 6060],
    ["7070", "127.0.0.1", 7070],
    [":7070", "127.0.0.1", 7070],
    ["0.0.0.0:7070", "0.0.0.0", 7070],
    ["localhost:", "localhost", 6060],
    ["[::1]:7070", "::1", 7070],
    ["[::]:0", "::", 0],
  ])("%j is %s, port %i", (asked, host, port) => {
    expect(readProfileAddress(asked)).toEqual({ host, port });
  });

  it.each(["x", "127.0.0.1:x", "localhost:70000", "-1"])("%j is none", (asked) => {
    expect(() => readProfileAddress(asked)).toThrow(/is no port/);
  });

  it("has brackets around IPv6", () => {
    expect([hostAndPort("::1", 1), hostAndPort("127.0.0.1", 1)]).toEqual(["[::1]:1", "127.0.0.1:1"]);
  });
});

it("a heap snapshot that is broken off leaves the server as it was", async () => {
  const logged = [vi.spyOn(log, "debug"), vi.spyOn(log, "warn")];
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const address = await serveProfiles("0");
  const socket = connect(Number(new URL(`http://${address}`).port), "127.0.0.1");
  socket.write("GET /heap HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await once(socket, "data");
  socket.destroy();
  const said = expect.objectContaining({ error: expect.any(Error) });
  await expect
    .poll(() => logged.flatMap(({ mock }) => mock.calls), { timeout: 20_000 })
    .toEqual([["a profile could not be made", said]]);
  expect((await fetch(`http://${address}/none`)).status).toBe(404);
  expect(unhandled).toEqual([]);
  process.off("unhandledRejection", note);
}, 30_000);
