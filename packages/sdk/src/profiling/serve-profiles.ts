import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Session } from "node:inspector";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { getHeapSnapshot } from "node:v8";
import { log } from "../log/logger.js";

/** How long a CPU profile is recorded unless asked otherwise, and at most, in seconds. */
const DEFAULT_SECONDS = 10;
const MAX_SECONDS = 300;

/**
 * Serves `GET /cpu?seconds=10`, a CPU profile (`.cpuprofile`), and `GET /heap`, a heap snapshot (`.heapsnapshot`), as Chrome's
 * developer tools and VS Code open them. The process does not wait for it to end.
 *
 * @param address `host:port`
 * @returns where it listens
 * @throws the system's error where it cannot listen there
 */
export async function serveProfiles(address: string): Promise<string> {
  const separator = address.lastIndexOf(":");
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.warn("a profile could not be made", { error });
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(address.slice(separator + 1)), address.slice(0, separator), resolve);
  });
  server.unref();
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? `${bound.address}:${bound.port}` : address;
}

async function answer({ url = "", method }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(url, "http://profiles");
  if (method === "GET" && pathname === "/cpu") {
    const seconds = Number(searchParams.get("seconds") ?? DEFAULT_SECONDS);
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
      response.writeHead(400).end(`seconds must be a number above 0, ${MAX_SECONDS} at most\n`);
      return;
    }
    const profile = await recordCpu(seconds);
    response.writeHead(200, headers("cpuprofile")).end(JSON.stringify(profile));
  } else if (method === "GET" && pathname === "/heap") {
    response.writeHead(200, headers("heapsnapshot"));
    await pipeline(getHeapSnapshot(), response);
  } else {
    response.writeHead(404).end("there are /cpu?seconds=10 and /heap\n");
  }
}

function headers(extension: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-disposition": `attachment; filename="plugin-${process.pid}.${extension}"`,
  };
}

async function recordCpu(seconds: number): Promise<object> {
  const session = new Session();
  session.connect();
  try {
    await post((done) => session.post("Profiler.enable", done));
    await post((done) => session.post("Profiler.start", done));
    await setTimeout(seconds * 1_000, undefined, { ref: false });
    return await new Promise((resolve, reject) => {
      session.post("Profiler.stop", (error, result) => (error === null ? resolve(result.profile) : reject(error)));
    });
  } finally {
    session.disconnect();
  }
}

function post(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error === null ? resolve() : reject(error)));
  });
}
