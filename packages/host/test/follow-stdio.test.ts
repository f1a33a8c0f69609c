import { type LogEntry, type ProtobufEmpty, type StdioData, StdioService } from "@framewright/protocol";
import { type handleServerStreamingCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { connect } from "../src/connection/connect.js";
import { followStdio } from "../src/log/follow-stdio.js";

const STDOUT = 1;
const STDERR = 2;

/** What followStdio makes of a plugin's stdio stream; of no service at all where there is no handler. */
async function follow(streamStdio?: handleServerStreamingCall<ProtobufEmpty, StdioData>): Promise<LogEntry[]> {
  const server = new Server();
  if (streamStdio !== undefined) {
    server.addService(StdioService, { streamStdio });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = connect({ network: "tcp", address: `127.0.0.1:${port}` });
  const logs: LogEntry[] = [];
  await followStdio(client, (entry) => logs.push(entry), AbortSignal.timeout(5_000));
  // The last line comes when its stream has closed.
  await new Promise(setImmediate);
  client.close();
  server.forceShutdown();
  return logs;
}

describe("followStdio", () => {
  it("makes lines of what comes, each with the level that it would have on stderr", async () => {
    const logs = await follow((call) => {
      const send = (channel: 0 | 1 | 2, text: string) => call.write({ channel, data: Buffer.from(text) });
      send(STDOUT, "hel");
      send(STDERR, "[WARN] slow\npanic: ");
      send(STDOUT, "lo\nwor");
      send(STDERR, "boom\n");
      send(0, "of no channel\n");
      send(STDOUT, "ld");
      call.end();
    });
    expect(logs.map(({ level, message }) => [level, message])).toEqual(
      expect.arrayContaining([
        ["debug", "hello"],
        ["debug", "world"],
        ["warn", "[WARN] slow"],
        ["error", "panic: boom"],
      ]),
    );
    expect(logs).toHaveLength(4);
  });

  it("puts up with a plugin that has no such service", async () => {
    expect(await follow()).toEqual([]);
  });
});
