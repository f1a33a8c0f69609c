import { createServer } from "node:net";

/** How often another port is tried. */
const TRIES = 5;

/**
 * Starts what listens on a TCP port of this machine that nobody listens on; on another one, where someone else was quicker to
 * take it.
 *
 * @param start rejects with an error that has the system's words in it, or Docker's, if the port is taken
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (
        tries === TRIES ||
        !(error instanceof Error && /address already in use|port is already allocated/i.test(error.message))
      ) {
        throw error;
      }
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
