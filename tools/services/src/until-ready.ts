import { connect, type NetConnectOpts } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerProcess } from "./server-process.js";

/** How it is found out that a server is ready. */
export interface Readiness {
  /** For the error that it is not. */
  readonly name: string;
  readonly server: ServerProcess;
  /** Where it answers. Best its Unix socket: on a port, someone else's server may answer. */
  readonly at: NetConnectOpts;
  /** Says hello to it, where it does not speak first. */
  readonly hello?: Buffer;
  /** Whether the first bytes that come are those of a server that is ready. Default: to be connected is enough. */
  readonly isReady?: (answer: Buffer) => boolean;
}

/** How long a server may take to start, in ms. */
const START_MS = 60_000;

/** How long it may take to answer once, in ms. */
const ANSWER_MS = 2_000;

/** Waits until a server is ready. @throws Error with what it wrote, if it ends before or takes too long; then it is stopped */
export async function untilReady(readiness: Readiness): Promise<void> {
  const { name, server } = readiness;
  const deadline = Date.now() + START_MS;
  while (!(await answers(readiness))) {
    if (!server.isRunning() || Date.now() > deadline) {
      await server.stop();
      throw new Error(`${name} did not start: ${server.output()}`);
    }
    await delay(30);
  }
}

function answers({ at, hello, isReady }: Readiness): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at);
    const done = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(ANSWER_MS, () => done(false));
    socket.once("connect", () => {
      if (isReady === undefined) {
        done(true);
      } else if (hello !== undefined) {
        socket.write(hello);
      }
    });
    socket.once("data", (answer: Buffer) => done(isReady?.(answer) ?? true));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
  });
}
