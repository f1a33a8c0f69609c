import { Console } from "node:console";
import { Writable } from "node:stream";
import { format } from "node:util";
import type { Logger } from "./logger.js";

/**
 * Sends what the author prints with `console` to the log. On stdout it would reach the host as a broken handshake or
 * as noise; in the log it is found.
 */
export function captureConsole(log: Logger): void {
  const toLog = new Console({ stdout: lines((text) => log.info(text)), stderr: lines((text) => log.warn(text)) });
  const { assert, count, countReset, dir, dirxml, group, groupCollapsed, groupEnd, table, time, timeEnd, timeLog } =
    toLog;
  Object.assign(console, {
    assert,
    count,
    countReset,
    dir,
    dirxml,
    group,
    groupCollapsed,
    groupEnd,
    table,
    time,
    timeEnd,
    timeLog,
  });
  console.trace = (...args: unknown[]) => log.trace(format(...args));
  console.debug = (...args: unknown[]) => log.debug(format(...args));
  console.log = (...args: unknown[]) => log.info(format(...args));
  console.info = (...args: unknown[]) => log.info(format(...args));
  console.warn = (...args: unknown[]) => log.warn(format(...args));
  console.error = (...args: unknown[]) => log.error(format(...args));
}

/** A stream that hands on what one call of the console prints, without the last line feed. */
function lines(write: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      write(String(chunk).trimEnd());
      done();
    },
  });
}
