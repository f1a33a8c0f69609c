import type { Readable } from "node:stream";

/** Longest line that is read as one, in bytes; go-plugin's figure. */
const MAX_LINE_BYTES = 64 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One line of a plugin's output, without its line feed. */
export interface OutputLine {
  /** The line, without its line feed. */
  readonly text: string;
  /** Whether the text is a piece of a line that was too long to be read as one. */
  readonly piece: boolean;
}

/**
 * Reads a stream line by line. A line of more than 64 KiB comes in pieces, so that a plugin that never writes a line
 * feed cannot fill the host's memory.
 */
export function splitLines(input: Readable, onLine: (line: OutputLine) => void): void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let cut = false;

  const flush = (rest: Buffer, piece: boolean): void => {
    const bytes = Buffer.concat([...pending, rest]);
    pending = [];
    pendingBytes = 0;
    const end = !piece && bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    onLine({ text: bytes.toString("utf8", 0, end), piece: piece || cut });
    cut = piece;
  };

  input.on("data", (chunk: Buffer) => {
    let start = 0;
    for (;;) {
      const feed = chunk.indexOf(LINE_FEED, start);
      const end = feed === -1 ? chunk.length : feed;
      while (pendingBytes + end - start > MAX_LINE_BYTES) {
        const room = MAX_LINE_BYTES - pendingBytes;
        flush(chunk.subarray(start, start + room), true);
        start += room;
      }
      if (feed === -1) {
        break;
      }
      flush(chunk.subarray(start, feed), false);
      start = feed + 1;
    }
    if (start < chunk.length) {
      pending.push(Buffer.from(chunk.subarray(start)));
      pendingBytes += chunk.length - start;
    }
  });
  input.once("close", () => {
    if (pendingBytes > 0) {
      flush(Buffer.alloc(0), false);
    }
  });
}
