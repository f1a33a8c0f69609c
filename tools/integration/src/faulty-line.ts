import { connect, createServer, type Socket } from "node:net";
import { listen, type RunningServer } from "./data-server.js";

/** A way to a server of this machine that can be made to fail. */
export interface FaultyLine extends RunningServer {
  /** While it is true, nothing gets through and nothing is closed. */
  stalled: boolean;
  /** Whether who connects is sent away. */
  refuses: boolean;
  /** How much later what the server says arrives, in ms. */
  delayMs: number;
  /** What takes the place of each piece that the server sends; `undefined` leaves it. */
  instead: ((sent: Buffer) => Buffer) | undefined;
  /** Connections that are open now. */
  readonly open: number;
}

/** Starts a line to a port of this machine. */
export async function startFaultyLine(port: number): Promise<FaultyLine> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    near.on("error", () => {});
    if (line.refuses) {
      near.destroy();
      return;
    }
    sockets.add(near);
    const far = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
    near.on("close", () => sockets.delete(near));
    near.on("data", (sent: Buffer) => {
      if (!line.stalled) {
        far.write(sent);
      }
    });
    far.on("data", (sent: Buffer) => {
      if (!line.stalled) {
        const arriving = line.instead?.(sent) ?? sent;
        setTimeout(() => near.write(arriving), line.delayMs);
      }
    });
  });
  const line: FaultyLine = {
    ...(await listen(server)),
    stalled: false,
    refuses: false,
    delayMs: 0,
    instead: undefined,
    get open() {
      return sockets.size;
    },
  };
  return line;
}
