import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createHttpClient } from "@framewright/sdk/http";
import type { Report } from "./report.js";
import { median } from "./statistics.js";

const RUNS = 5;
const REQUESTS = 1_000;
const AT_ONCE = 20;
const LARGE_BYTES = 20_000_000;

/** The SDK's HTTP client beside the runtime's own `fetch`, which knows neither the data source's settings nor a limit. */
export async function httpClient(): Promise<readonly Report[]> {
  const server = new Worker(SERVER, { eval: true, workerData: LARGE_BYTES });
  try {
    const [port]: number[] = await once(server, "message");
    const url = `http://127.0.0.1:${port}`;
    await using client = await createHttpClient({ url, jsonData: {}, secureJsonData: {} });
    const ours = { what: "createHttpClient", fetch: (path: string) => client.fetch(path) };
    const node = { what: `fetch of Node ${process.versions.node}`, fetch: (path: string) => fetch(url + path) };

    const rates = await takeTurns([ours, node], async ({ fetch }) => {
      const started = performance.now();
      const askSome = async (): Promise<void> => {
        for (let i = 0; i < REQUESTS / AT_ONCE; i++) {
          await (await fetch("/small")).json();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, askSome));
      return REQUESTS / ((performance.now() - started) / 1e3);
    });
    const speeds = await takeTurns([ours, node], async ({ fetch }) => {
      const started = performance.now();
      await (await fetch("/large")).arrayBuffer();
      return LARGE_BYTES / 1e6 / ((performance.now() - started) / 1e3);
    });
    const report = (title: string, unit: string, values: readonly number[]): Report => ({
      title,
      unit,
      better: "higher",
      ours: { what: ours.what, value: values[0] ?? Number.NaN },
      others: [{ what: node.what, value: values[1] ?? Number.NaN }],
    });
    return [
      report(`HTTP requests with a small JSON answer, ${AT_ONCE} at once`, "requests/s", rates),
      report(`HTTP answer of ${LARGE_BYTES / 1e6} MB`, "MB/s", speeds),
    ];
  } finally {
    await server.terminate();
  }
}

/** In a thread of its own, so that the server's work is not measured as the client's. */
const SERVER = `
  const { createServer } = require("node:http");
  const { parentPort, workerData } = require("node:worker_threads");
  const large = Buffer.alloc(workerData, "x");
  const server = createServer((request, response) =>
    response.end(request.url === "/large" ? large : '{"status":"success","data":[1,2,3]}'));
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

/** Median of what each one measures; they take turns, and the first round warms them up. */
async function takeTurns<T>(ones: readonly T[], measure: (one: T) => Promise<number>): Promise<number[]> {
  const values = ones.map((): number[] => []);
  for (let round = 0; round <= RUNS; round++) {
    for (const [index, one] of ones.entries()) {
      const value = await measure(one);
      if (round > 0) {
        values[index]?.push(value);
      }
    }
  }
  return values.map(median);
}
