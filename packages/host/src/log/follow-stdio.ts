import { PassThrough } from "node:stream";
import { type LogEntry, StdioData_Channel, StdioService } from "@framewright/protocol";
import type { Client } from "@grpc/grpc-js";
import { callServerStream } from "../client/grpc-call.js";
import { createLogReader, plainEntry } from "./read-log.js";
import { splitLines } from "./split-lines.js";

/**
 * Reads what a plugin prints by way of go-plugin's stdio service, to which plugins in Go send their stdout and stderr
 * after the handshake; unread, it would fill up and stop them. Ends with the connection, and at once where the plugin has
 * no such service. Source: go-plugin's grpc_stdio.go.
 *
 * @param onLog gets each line, on the level that it would have on the process's own stderr; a line of stdout is debug
 */
export async function followStdio(
  client: Client,
  onLog: (entry: LogEntry) => void,
  signal: AbortSignal,
): Promise<void> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const readLog = createLogReader();
  splitLines(stdout, ({ text }) => onLog(plainEntry("debug", text)));
  splitLines(stderr, (line) => onLog(readLog(line)));
  try {
    for await (const { channel, data } of callServerStream(client, StdioService.streamStdio, {}, { signal })) {
      if (channel === StdioData_Channel.STDOUT) {
        stdout.write(data);
      } else if (channel === StdioData_Channel.STDERR) {
        stderr.write(data);
      }
    }
  } catch {
    // Not served, or the plugin is gone: either way there is nothing more to read.
  } finally {
    stdout.end();
    stderr.end();
  }
}
