import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { errorCode } from "../../src/server/http2/error-code.js";
import { REQUEST } from "./raw-client.js";
import { frame, uint32 } from "./raw-frames.js";
import { answerWith, serveHttp2 } from "./serve-http2.js";

const HELLO = Buffer.from("hello");

/** A request's headers, which end it unless it goes on. */
const begun = (streamId: number): Buffer => frame(1, 5, streamId, REQUEST);

describe("trouble on a connection", () => {
  it("is none where the client wants a smaller table of headers", async () => {
    await using server = await serveHttp2((stream) => answerWith(stream, HELLO));
    const session = server.connect({ settings: { headerTableSize: 1_024 } });
    for (let calls = 0; calls < 2; calls++) {
      const stream = session.request({ ":method": "POST" }, { endStream: true });
      const [headers] = await once(stream, "response");
      expect(headers).toMatchObject({ ":status": 200 });
      stream.resume();
      await once(stream, "close");
    }
  });

  it("costs only the call whose headers are too large", async () => {
    await using server = await serveHttp2((stream) => answerWith(stream, HELLO));
    const client = server.dialRaw();
    // A header of 4,000 bytes that gets a number, and is then named 300 times.
    const long = Buffer.concat([Buffer.of(0x40, 1, 0x6e, 0x7f, 0xa1, 0x1e), Buffer.alloc(4_000, 0x76)]);
    client.send(frame(1, 5, 1, Buffer.concat([REQUEST, long, Buffer.alloc(300, 0xbe)])), begun(3));
    const [reset] = await client.until({ type: 3, streamId: 1 });
    expect(reset?.payload.readUInt32BE()).toBe(errorCode.ENHANCE_YOUR_CALM);
    await client.until({ type: 0, streamId: 3 });
  });

  it("costs only the call that could not be taken, and is told", async () => {
    await using server = await serveHttp2((stream) => {
      if (stream.id === 1) {
        throw new Error("a bug");
      }
      answerWith(stream, HELLO);
    });
    const client = server.dialRaw();
    client.send(begun(1), begun(3));
    const [reset] = await client.until({ type: 3, streamId: 1 });
    expect(reset?.payload.readUInt32BE()).toBe(errorCode.INTERNAL_ERROR);
    await client.until({ type: 0, streamId: 3 });
    expect(server.served[0]?.problems).toEqual([new Error("a bug")]);
  });

  it("ends it where what is sent was taken away meanwhile, and is told", async () => {
    const answer = new Uint8Array(200_000);
    await using server = await serveHttp2((stream) => answerWith(stream, answer));
    const client = server.dialRaw();
    client.send(begun(1));
    await client.until({ type: 0 });
    structuredClone(answer, { transfer: [answer.buffer] });
    client.send(frame(8, 0, 0, uint32(1_000_000)), frame(8, 0, 1, uint32(1_000_000)));
    await expect.poll(() => server.served[0]?.isClosed).toBe(true);
    expect(server.served[0]?.problems).toHaveLength(1);
  });

  it("ends it where the client says so, and where it only leaves, not before the calls that run are answered", async () => {
    const goAway = (code: number): Buffer => frame(7, 0, 0, Buffer.concat([uint32(0), uint32(code)]));
    await using server = await serveHttp2((stream) => answerWith(stream, HELLO));
    const failing = server.dialRaw();
    failing.send(frame(1, 4, 1, REQUEST), goAway(errorCode.PROTOCOL_ERROR));
    await failing.goneWith();
    expect(server.served[0]?.problems).toHaveLength(1);

    const leaving = server.dialRaw();
    leaving.send(frame(1, 4, 1, REQUEST), goAway(errorCode.NO_ERROR));
    await leaving.until({ type: 7 });
    expect(leaving.hasEnded).toBe(false);
    leaving.send(frame(0, 1, 1));
    expect(await leaving.goneWith()).toBe(errorCode.NO_ERROR);
    expect(leaving.came({ type: 0, streamId: 1 })).toHaveLength(1);
    expect(server.served[1]?.problems).toEqual([]);
  });

  it("is a farewell that is too short", async () => {
    await using server = await serveHttp2(() => {});
    const client = server.dialRaw();
    client.send(frame(7, 0, 0, Buffer.alloc(7)));
    expect(await client.goneWith()).toBe(errorCode.FRAME_SIZE_ERROR);
  });
});
