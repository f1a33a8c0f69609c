import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { getHeapSnapshot } from "node:v8";
import { log } from "../log/logger.js";
import { hostAndPort, isLoopback, namesThisMachine, readProfileAddress } from "./profile-address.js";
import { recordCpu } from "./record-cpu.js";

/** How long a CPU profile is recorded unless asked otherwise, and at most, in seconds. */
const DEFAULT_SECONDS = 10;
const MAX_SECONDS = 300;

/**
 * Serves `GET /cpu?seconds=10`, a CPU profile (`.cpuprofile`), one at a time, and `GET /heap`, a heap snapshot (`.heapsnapshot`), as
 * Chrome's developer tools and VS Code open them. At an address of this machine's own, only requests that name it so are answered.
 * The process does not wait for it to end.
 *
 * @param asked a port, or `host:port`
 * @returns where it listens
 * @throws Error where the address is none, or the system's where it cannot listen there
 */
export async function serveProfiles(asked: string): Promise<string> {
  const { host, port } = readProfileAddress(asked);
  const answer = createAnswer();
  let ownOnly = true;
  const server = createServer((request, response) => {
    if (ownOnly && !namesThisMachine(request.headers.host)) {
      response.writeHead(403).end("ask localhost, 127.0.0.1 or [::1]: profiles are for this machine only\n");
      return;
    }
    answer(request, response).catch((error: unknown) => {
      log[response.destroyed ? "debug" : "warn"]("a profile could not be made", { error });
      if (response.headersSent || response.destroyed) {
        response.destroy();
      } else {
        response.writeHead(500).end();
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  server.unref();
  const bound = server.address();
  if (typeof bound !== "object" || bound === null) {
    return hostAndPort(host, port);
  }
  ownOnly = isLoopback(bound.address);
  return hostAndPort(bound.address, bound.port);
}

function createAnswer(): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let recording = false;
  return async ({ url = "", method }, response) => {
    const { pathname, searchParams } = new URL(url, "http://profiles");
    if (method === "GET" && pathname === "/cpu") {
      const seconds = Number(searchParams.get("seconds") ?? DEFAULT_SECONDS);
      if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
        response.writeHead(400).end(`seconds must be a number above 0, ${MAX_SECONDS} at most\n`);
        return;
      }
      if (recording) {
        response.writeHead(409).end("a profile is being recorded; ask again when it is done\n");
        return;
      }
      recording = true;
      try {
        const profile = await recordCpu(seconds, untilClosed(response));
        response.writeHead(200, headers("cpuprofile")).end(JSON.stringify(profile));
      } finally {
        recording = false;
      }
    } else if (method === "GET" && pathname === "/heap") {
      response.writeHead(200, headers("heapsnapshot"));
      await pipeline(getHeapSnapshot(), response);
    } else {
      response.writeHead(404).end("there are /cpu?seconds=10 and /heap\n");
    }
  };
}

/** Aborts when nobody waits for the response any longer. */
function untilClosed(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}

function headers(extension: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-disposition": `attachment; filename="plugin-${process.pid}.${extension}"`,
  };
}
