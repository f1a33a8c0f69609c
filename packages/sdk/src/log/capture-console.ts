import { format } from "node:util";
import type { Logger } from "./logger.js";

/**
 * Sends what the author prints with `console` to the log. On stdout it would reach the host as a broken handshake or
 * as noise; in the log it is found.
 */
export function captureConsole(log: Logger): void {
  console.trace = (...args: unknown[]) => log.trace(format(...args));
  console.debug = (...args: unknown[]) => log.debug(format(...args));
  console.log = (...args: unknown[]) => log.info(format(...args));
  console.info = (...args: unknown[]) => log.info(format(...args));
  console.warn = (...args: unknown[]) => log.warn(format(...args));
  console.error = (...args: unknown[]) => log.error(format(...args));
}
