import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { query } from "../backend/postgres/messages.js";
import { PostgresConnection } from "../backend/postgres/postgres-connection.js";

const open: Disposable[] = [];

afterEach(() => {
  for (const resource of open.splice(0)) {
    resource[Symbol.dispose]();
  }
});

const READY = Buffer.from("Z\0\0\0\x05I");

/** A message of so many bytes that says nothing, and the end of an answer. */
function answerOf(size: number): Buffer {
  const message = Buffer.alloc(size, "x");
  message.writeInt32BE(size - 1, 1);
  return Buffer.concat([message, READY]);
}

/** A connection to a server that answers whatever it is sent with this. @returns it, and how often its socket was paused */
async function connectionTo(answer: Buffer): Promise<[PostgresConnection, () => number]> {
  const server = createServer((peer) => peer.on("data", () => peer.write(answer)).on("error", () => {}));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  const pause = vi.spyOn(socket, "pause");
  const connection = new PostgresConnection(socket, async () => {});
  open.push({
    [Symbol.dispose]() {
      connection.close();
      server.close();
    },
  });
  return [connection, () => pause.mock.calls.length];
}

test("bytes of a long answer are let gather", async () => {
  const [connection, paused] = await connectionTo(
    Buffer.concat([...Array(2_000).fill(answerOf(1_000).subarray(0, 1_000)), READY]),
  );
  connection.send(1, query("SELECT 1"));
  await connection.drain();
  expect(paused()).toBeGreaterThan(0);
});

test("short answers do not wait for others, however many came before", async () => {
  const [connection, paused] = await connectionTo(answerOf(1_000));
  for (let asked = 0; asked < 200; asked++) {
    connection.send(1, query("SELECT 1"));
    await connection.drain();
  }
  expect(paused()).toBe(0);
});
