import { createConnection } from "node:net";
import { isAlive } from "../watch-parent.js";
import type { StandalonePlugin } from "./standalone-files.js";

/** How long a plugin on this machine may take to accept a connection, in ms. */
const CONNECT_MS = 1_000;

/**
 * Whether a plugin that says it runs on its own does: its process is there and its address takes connections. The
 * process id alone would not do, as the system gives it to another process in time.
 */
export async function isReachable({ address, pid }: StandalonePlugin): Promise<boolean> {
  return (pid === undefined || isAlive(pid)) && (await accepts(splitAddress(address)));
}

/** An address taken apart. As in Go, no host means this machine. */
export function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
  const port = Number(address.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`${JSON.stringify(address)} is not an address such as "127.0.0.1:50051" or ":50051"`);
  }
  return { host, port };
}

function accepts({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: host || "127.0.0.1", port, timeout: CONNECT_MS });
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", settle(true));
    socket.once("error", settle(false));
    socket.once("timeout", settle(false));
  });
}
