import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDial, startTls } from "../../src/network/index.js";

const never = new AbortController().signal;

let server: Server;
let port: number;
let accepted: Promise<Socket>;

beforeEach(async () => {
  server = createServer();
  accepted = once(server, "connection").then(([socket]: Socket[]) => {
    if (socket === undefined) {
      throw new Error("no socket");
    }
    return socket;
  });
  accepted.catch(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(() => {
  server.close();
});

describe("a connection to a data source's server", () => {
  const config = { jsonData: {}, secureJsonData: {} };

  test("is there when it is connected", async () => {
    const dial = await createDial(config);
    const socket = await dial({ host: "127.0.0.1", port }, never);
    (await accepted).end("hello");
    const [chunk] = await once(socket, "data");
    expect(String(chunk)).toBe("hello");
    socket.destroy();
  });

  test("that cannot be made fails with the system's error", async () => {
    const dial = await createDial(config);
    const path = join(tmpdir(), "framewright-nothing.sock");
    await expect(dial({ path }, never)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is not made for someone who has given up", async () => {
    const dial = await createDial(config);
    await expect(dial({ host: "127.0.0.1", port }, AbortSignal.abort("gone"))).rejects.toBe("gone");
  });

  test("that waits for TLS ends with its signal", async () => {
    const dial = await createDial(config);
    const socket = await dial({ host: "127.0.0.1", port }, never);
    const controller = new AbortController();
    const secure = startTls(socket, {}, controller.signal);
    controller.abort("gone");
    await expect(secure).rejects.toBe("gone");
    const peer = await accepted;
    peer.on("error", () => {}).resume();
    await once(peer, "close");
  });

  test("a server that closes it during the TLS handshake", async () => {
    const dial = await createDial(config);
    const socket = await dial({ host: "127.0.0.1", port }, never);
    (await accepted).destroy();
    await expect(startTls(socket, {}, never)).rejects.toThrow();
  });
});
