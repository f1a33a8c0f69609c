import { describe, expect, it } from "vitest";
import { ListenAddressError, listenAddress } from "../src/server/listen-address.js";

describe("listenAddress", () => {
  it("takes a new name in the host's folder each time", () => {
    const env = { PLUGIN_UNIX_SOCKET_DIR: "/run/plugins" };
    const [a, b] = [listenAddress(env, "linux"), listenAddress(env, "darwin")];
    expect(a).toMatchObject({ network: "unix", path: expect.stringMatching(/^\/run\/plugins\/plugin[0-9a-f]{12}$/) });
    expect(b).not.toEqual(a);
  });

  it("passes on the group that the host names", () => {
    expect(listenAddress({ PLUGIN_UNIX_SOCKET_GROUP: "grafana" }, "linux")).toMatchObject({ group: "grafana" });
    expect(listenAddress({ PLUGIN_UNIX_SOCKET_GROUP: "" }, "linux")).toMatchObject({ group: undefined });
  });

  it("refuses a folder whose sockets could not be opened", () => {
    const env = { PLUGIN_UNIX_SOCKET_DIR: `/${"x".repeat(100)}` };
    expect(() => listenAddress(env, "linux")).toThrow(ListenAddressError);
    expect(() => listenAddress(env, "linux")).toThrow(/PLUGIN_UNIX_SOCKET_DIR or TMPDIR/);
  });

  it.each([
    { env: {}, ports: [0, 0] },
    { env: { PLUGIN_MIN_PORT: "10000", PLUGIN_MAX_PORT: "25000" }, ports: [10_000, 25_000] },
  ])("reads the port range $ports on Windows", ({ env, ports }) => {
    expect(listenAddress(env, "win32")).toEqual({ network: "tcp", minPort: ports[0], maxPort: ports[1] });
  });

  it.each([
    { env: { PLUGIN_MIN_PORT: "ten" }, message: /PLUGIN_MIN_PORT is "ten"/ },
    { env: { PLUGIN_MIN_PORT: "1", PLUGIN_MAX_PORT: "70000" }, message: /PLUGIN_MAX_PORT is "70000"/ },
    { env: { PLUGIN_MIN_PORT: "20", PLUGIN_MAX_PORT: "10" }, message: /20 is greater than PLUGIN_MAX_PORT 10/ },
  ])("refuses $env", ({ env, message }) => {
    expect(() => listenAddress(env, "win32")).toThrow(message);
  });
});
