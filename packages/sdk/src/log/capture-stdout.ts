import type { Logger } from "./logger.js";

type Done = (error?: Error | null) => void;

let print = (text: string, done: Done): void => void process.stdout.write(text, done);

/**
 * Sends what the author or a library writes to `process.stdout` to the log, line by line. There the host would read it as a
 * broken handshake, or drop it.
 */
export function captureStdout(log: Logger): void {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  print = (text, done) => void write(text, done);
  let rest = "";
  stdout.write = (chunk: string | Uint8Array, encodingOrDone?: BufferEncoding | Done, done?: Done): boolean => {
    const encoding = typeof encodingOrDone === "string" ? encodingOrDone : "utf8";
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    const lines = (rest + bytes.toString()).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      log.info(line);
    }
    const onWritten = typeof encodingOrDone === "function" ? encodingOrDone : done;
    if (onWritten !== undefined) {
      process.nextTick(onWritten);
    }
    return true;
  };
}

/** Writes to stdout itself, which is for the handshake alone. */
export function printOnStdout(text: string, done: Done): void {
  print(text, done);
}
