import { fileURLToPath } from "node:url";
import { DataResponse, DataService, QueryDataRequest } from "@framewright/protocol";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import type { Report } from "./report.js";
import { medianTime } from "./statistics.js";

const protoRoot = fileURLToPath(new URL("../../../proto", import.meta.url));
const FRAME_BYTES = 10_000_000;

/**
 * The generated codec of `@framewright/protocol` beside `@grpc/proto-loader` with the same .proto files: what loading
 * it costs every start, a small request, and an answer that holds a large frame.
 */
export async function messageCodec(): Promise<readonly Report[]> {
  const request = QueryDataRequest.fromPartial({
    pluginContext: { orgId: 1n, pluginId: "bench", dataSourceInstanceSettings: { uid: "bench", name: "Bench" } },
    queries: [{ refId: "A", maxDataPoints: 1_000n, json: new TextEncoder().encode('{"refId":"A","file":"a.csv"}') }],
  });
  const requestBytes = DataService.queryData.requestSerialize(request);
  const frame = new Uint8Array(FRAME_BYTES);
  const answer = { responses: new Map([["A", DataResponse.fromPartial({ frames: [frame], status: 200 })]]) };

  const started = performance.now();
  const method = loadQueryData();
  const loaderLoad = performance.now() - started;
  const loaderAnswer = { responses: { A: { frames: [frame], status: 200 } } };

  return [
    {
      title: "Getting the messages ready at start",
      unit: "ms",
      better: "lower",
      ours: { what: "generated codec", value: await timeImport() },
      others: [{ what: "proto-loader", value: loaderLoad }],
    },
    {
      title: "Decoding a query request",
      unit: "µs",
      better: "lower",
      ours: {
        what: "generated codec",
        value: microseconds(() => DataService.queryData.requestDeserialize(requestBytes)),
      },
      others: [{ what: "proto-loader", value: microseconds(() => method.requestDeserialize(requestBytes)) }],
    },
    {
      title: `Encoding an answer with a frame of ${FRAME_BYTES / 1e6} MB`,
      unit: "ms",
      better: "lower",
      ours: { what: "generated codec", value: medianTime(30, () => DataService.queryData.responseSerialize(answer)) },
      others: [
        { what: "proto-loader", value: medianTime(30, () => method.responseSerialize(loaderAnswer)) },
        { what: "plain copy of the bytes", value: medianTime(30, () => Buffer.allocUnsafe(FRAME_BYTES).set(frame)) },
      ],
    },
  ];
}

function loadQueryData(): MethodDefinition<object, object> {
  const service = loadSync("pluginv2/data.proto", { includeDirs: [protoRoot], keepCase: true })["pluginv2.Data"];
  const method = service === undefined || "format" in service ? undefined : Reflect.get(service, "QueryData");
  if (!isMethod(method)) {
    throw new Error("proto/pluginv2/data.proto has no Data.QueryData");
  }
  return method;
}

function isMethod(value: unknown): value is MethodDefinition<object, object> {
  return typeof value === "object" && value !== null && "requestDeserialize" in value;
}

/** How long evaluating the generated messages takes, in ms; the query string makes Node evaluate them anew. */
async function timeImport(): Promise<number> {
  const url = new URL("generated/pluginv2/data.js", import.meta.resolve("@framewright/protocol"));
  const started = performance.now();
  await import(`${url.href}?again`);
  return performance.now() - started;
}

/** Median time of one call among a thousand, in µs. */
function microseconds(work: () => void): number {
  return medianTime(30, () => {
    for (let i = 0; i < 1_000; i++) {
      work();
    }
  });
}
