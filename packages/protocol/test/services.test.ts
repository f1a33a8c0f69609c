import { describe, expect, it } from "vitest";
import {
  CallResourceResponse,
  DataResponse,
  DataService,
  QueryChunkedDataResponse,
  QueryDataRequest,
  QueryDataResponse,
  ResourceService,
  StreamPacket,
  StreamService,
} from "../src/index.js";

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

describe("services", () => {
  it("has every RPC under the path that Grafana calls", () => {
    expect(Object.values(DataService).map((method) => method.path)).toEqual([
      "/pluginv2.Data/QueryData",
      "/pluginv2.Data/QueryChunkedData",
    ]);
  });

  it("keeps 64-bit integers exact", () => {
    const request = QueryDataRequest.fromPartial({
      queries: [
        { refId: "A", maxDataPoints: 9_223_372_036_854_775_807n, timeRange: { fromEpochMS: -1n, toEpochMS: 1n } },
      ],
    });
    const wire = DataService.queryData.requestSerialize(request);
    expect(DataService.queryData.requestDeserialize(wire)).toEqual(request);
  });
});

describe("response encoders", () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 3_000_000])(
    "encode a frame of %d bytes as the generated encoder would",
    (size) => {
      const response: QueryDataResponse = {
        responses: new Map([
          ["A", DataResponse.fromPartial({ frames: [bytes(size), bytes(3), bytes(0)], status: 200 })],
          ["__proto__", DataResponse.fromPartial({ error: "no", status: 400, errorSource: "downstream" })],
          ["é".repeat(100), DataResponse.fromPartial({ jsonMeta: bytes(9), format: 1 })],
        ]),
      };
      const wire = DataService.queryData.responseSerialize(response);
      expect(wire.length).toBe(QueryDataResponse.encode(response).finish().length);
      expect(plain(QueryDataResponse.decode(new Uint8Array(wire)))).toEqual(plain(response));
    },
  );

  it("encode an empty refId", () => {
    const response: QueryDataResponse = { responses: new Map([["", DataResponse.fromPartial({ error: "no refId" })]]) };
    const wire = DataService.queryData.responseSerialize(response);
    expect(plain(QueryDataResponse.decode(new Uint8Array(wire)))).toEqual(plain(response));
  });

  it.each([0, 5, 200_000])("encode flat payloads of %d bytes", (size) => {
    const chunk = QueryChunkedDataResponse.fromPartial({ refId: "A", frameId: "1", frame: bytes(size), status: 200 });
    const chunkWire = DataService.queryChunkedData.responseSerialize(chunk);
    const readChunk = QueryChunkedDataResponse.decode(new Uint8Array(chunkWire));
    expect({ ...readChunk, frame: text(readChunk.frame) }).toEqual({ ...chunk, frame: text(chunk.frame) });

    const resource = CallResourceResponse.fromPartial({
      code: 200,
      headers: new Map([["a", { values: ["1", "2"] }]]),
      body: bytes(size),
    });
    const resourceWire = ResourceService.callResource.responseSerialize(resource);
    const readResource = CallResourceResponse.decode(new Uint8Array(resourceWire));
    expect({ ...readResource, body: text(readResource.body) }).toEqual({ ...resource, body: text(resource.body) });

    const packet = StreamPacket.fromPartial({ data: bytes(size) });
    const packetWire = StreamService.runStream.responseSerialize(packet);
    expect(text(StreamPacket.decode(new Uint8Array(packetWire)).data)).toBe(text(packet.data));
  });
});

/** Entries instead of maps and text instead of bytes: quick to compare, and a difference is shown by key. */
function plain(response: QueryDataResponse): unknown {
  return [...response.responses].map(([refId, answer]) => [refId, { ...answer, frames: answer.frames.map(text) }]);
}

function text(payload: Uint8Array): string {
  return Buffer.from(payload).toString("latin1");
}
