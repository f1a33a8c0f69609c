import { createServer, type Server as NetServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { bind } from "../src/server/bind.js";
import { GrpcServer } from "../src/server/grpc/grpc-server.js";
import { ListenAddressError } from "../src/server/listen-address.js";

const servers: GrpcServer[] = [];
const taken: NetServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.destroy();
  }
  for (const server of taken.splice(0)) {
    server.close();
  }
});

async function bindTcp(minPort: number, maxPort: number) {
  const server = new GrpcServer(-1, () => {});
  servers.push(server);
  return bind(server, { network: "tcp", minPort, maxPort }, undefined);
}

/** Two neighbouring ports of which the first is taken. */
async function takenPort(): Promise<number> {
  for (;;) {
    const server = await listen(0);
    const port = portOf(server);
    const next = await listen(port + 1).catch(() => undefined);
    if (next !== undefined) {
      taken.push(server);
      await new Promise((resolve) => next.close(resolve));
      return port;
    }
    server.close();
  }
}

function listen(port: number): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: NetServer): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("bind to TCP", () => {
  it("takes any free port of this machine's own address, where the range says nothing", async () => {
    const bound = await bindTcp(0, 0);
    expect(bound.network).toBe("tcp");
    expect(bound.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
  });

  it("takes the first free port of a range", async () => {
    const port = await takenPort();
    expect((await bindTcp(port, port + 1)).address).toBe(`127.0.0.1:${port + 1}`);
  });

  it("says so when no port of the range is free", async () => {
    const port = await takenPort();
    const failed = bindTcp(port, port);
    await expect(failed).rejects.toThrow(ListenAddressError);
    await expect(failed).rejects.toThrow(`no port from ${port} to ${port} is free`);
    await expect(failed).rejects.toMatchObject({ cause: { message: expect.stringMatching(/EADDRINUSE/) } });
  });
});
