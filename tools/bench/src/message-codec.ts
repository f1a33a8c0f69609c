import { fileURLToPath } from "node:url";
import { DataResponse, DataService, QueryDataRequest } from "@framewright/protocol";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import type { Report } from "./report.js";
import { medianTimes } from "./statistics.js";

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

  const decode = medianTimes(30, {
    ours: thousand(() => DataService.queryData.requestDeserialize(requestBytes)),
    loader: thousand(() => method.requestDeserialize(requestBytes)),
  });
  const encode = medianTimes(40, {
    ours: () => DataService.queryData.responseSerialize(answer),
    loader: () => method.responseSerialize(loaderAnswer),
    copy: () => Buffer.allocUnsafe(FRAME_BYTES).set(frame),
  });

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
      ours: { what: "generated codec", value: decode.ours },
      others: [{ what: "proto-loader", value: decode.loader }],
    },
    {
      title: `Encoding an answer with a frame of ${FRAME_BYTES / 1e6} MB`,
      unit: "ms",
      better: "lower",
      ours: { what: "generated codec", value: encode.ours },
      others: [
        { what: "proto-loader", value: encode.loader },
        { what: "plain copy of the bytes", value: encode.copy },
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

/** A thousand calls in one: what takes ms then takes µs a call. */
function thousand(work: () => void): () => void {
  return () => {
    for (let i = 0; i < 1_000; i++) {
      work();
    }
  };
}
