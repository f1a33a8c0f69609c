import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { describe, expect, it } from "vitest";
import { errorCode } from "../../src/server/http2/error-code.js";
import { encodeHeaders } from "../../src/server/http2/hpack/encode-headers.js";
import type { Http2Stream } from "../../src/server/http2/http2-stream.js";
import { answerWith, END, STATUS_200, serveHttp2 } from "./serve-http2.js";

const POST = { ":method": "POST", ":path": "/" };

function begin(session: ClientHttp2Session, headers = {}): ClientHttp2Stream {
  const stream = session.request({ ...POST, ...headers }, { endStream: false });
  stream.on("error", () => {});
  return stream;
}

interface Answer {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly rstCode: number | undefined;
}

async function answerTo(stream: ClientHttp2Stream): Promise<Answer> {
  const pieces: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on("response", (came) => {
    headers = came;
  });
  stream.on("trailers", (came: IncomingHttpHeaders) => {
    trailers = came;
  });
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  // An error, which comes before, is told by its code.
  await new Promise((resolve) => stream.on("close", resolve));
  const { rstCode } = stream;
  return { body: Buffer.concat(pieces), headers, trailers, rstCode };
}

function ask(session: ClientHttp2Session, body?: Uint8Array): Promise<Answer> {
  const stream = begin(session);
  stream.end(body);
  return answerTo(stream);
}

function digest(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

describe("Http2Connection, asked by Node's client", () => {
  it("takes a request of 20 MB, of any length in its frames", async () => {
    const pieces: Buffer[] = [];
    let asked: Http2Stream | undefined;
    await using server = await serveHttp2((stream) => {
      asked = stream;
      stream.listener = {
        onData: (piece) => pieces.push(piece),
        onEnd: () => stream.respond(STATUS_200, true),
        onGone: () => {},
      };
    });
    const body = randomBytes(20_000_000);
    const session = server.connect();
    const { headers, rstCode } = await ask(session, body);
    expect([headers[":status"], rstCode]).toEqual([200, 0]);
    expect(digest(Buffer.concat(pieces))).toBe(digest(body));
    expect(asked?.headers[":path"]).toBe("/");
    // Neither window is used up for good.
    expect((await ask(session, body)).headers[":status"]).toBe(200);
  });

  it("answers 100 requests at once, each whole", async () => {
    await using server = await serveHttp2((stream) => {
      const index = Number(stream.headers["x-index"]);
      answerWith(stream, Buffer.alloc(150_000 + index, index), Buffer.alloc(50_000, 255 - index));
    });
    const session = server.connect();
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const stream = begin(session, { "x-index": index });
        stream.end();
        return answerTo(stream);
      }),
    );
    for (const [index, { body, trailers, rstCode }] of answers.entries()) {
      const expected = Buffer.concat([Buffer.alloc(150_000 + index, index), Buffer.alloc(50_000, 255 - index)]);
      expect([body.equals(expected), trailers["x-end"], rstCode]).toEqual([true, "yes", 0]);
    }
  });

  it.each([
    [{ initialWindowSize: 1 }, 300],
    [{ initialWindowSize: 100 }, 20_000],
    [{ initialWindowSize: 1_000_000, maxFrameSize: 1_000_000 }, 5_000_000],
    [{ maxFrameSize: 16_777_215 }, 1_000_000],
  ])("keeps to what the client says of itself: %j", async (settings, bytes) => {
    const body = randomBytes(bytes);
    await using server = await serveHttp2((stream) => answerWith(stream, body));
    const answer = await ask(server.connect({ settings }));
    expect([digest(answer.body), answer.trailers["x-end"], answer.rstCode]).toEqual([digest(body), "yes", 0]);
  });

  it("goes on where the client says later that it takes more, or less", async () => {
    const body = randomBytes(500_000);
    await using server = await serveHttp2((stream) => answerWith(stream, body));
    const session = server.connect({ settings: { initialWindowSize: 0 } });
    const answers = [ask(session), ask(session)];
    await once(session, "remoteSettings");
    session.settings({ initialWindowSize: 70_000 });
    session.settings({ initialWindowSize: 10 });
    session.settings({ initialWindowSize: 30_000, maxFrameSize: 20_000 });
    for (const answer of await Promise.all(answers)) {
      expect([digest(answer.body), answer.trailers["x-end"]]).toEqual([digest(body), "yes"]);
    }
  });

  it("sends headers of any length", async () => {
    const long = Array.from({ length: 45_000 }, (_, place) => "abcdefg"[place % 7]).join("");
    await using server = await serveHttp2((stream) => {
      stream.respond(
        encodeHeaders([
          [":status", "200"],
          ["x-long", long.slice(0, 16_384)],
        ]),
      );
      stream.write([Buffer.from("body")]);
      stream.listener = {
        onData: () => {},
        onEnd: () => stream.end(encodeHeaders([["x-long", long]])),
        onGone: () => {},
      };
    });
    const { headers, body, trailers } = await ask(server.connect());
    expect([headers["x-long"] === long.slice(0, 16_384), body.toString(), trailers["x-long"] === long]).toEqual([
      true,
      "body",
      true,
    ]);
  });

  it("takes headers of any length", async () => {
    const long = "~".repeat(60_000);
    let came: string | undefined;
    await using server = await serveHttp2((stream) => {
      came = stream.headers["x-long"];
      answerWith(stream);
    });
    const stream = begin(server.connect(), { "x-long": long });
    stream.end();
    expect([(await answerTo(stream)).trailers["x-end"], came === long]).toEqual(["yes", true]);
  });

  it("may answer before a request is complete, and passes over what still comes of it", async () => {
    let pieces = 0;
    await using server = await serveHttp2((stream) => {
      stream.listener = {
        onData() {
          pieces++;
          stream.respond(STATUS_200, true);
        },
        onEnd: () => {},
        onGone: () => {},
      };
    });
    const session = server.connect();
    const stream = begin(session);
    stream.end(Buffer.alloc(3_000_000));
    const { headers, rstCode } = await answerTo(stream);
    expect([headers[":status"], rstCode, pieces]).toEqual([200, errorCode.NO_ERROR, 1]);
    expect((await ask(session, Buffer.alloc(1))).headers[":status"]).toBe(200);
  });

  it("answers bit by bit while the request still comes", async () => {
    await using server = await serveHttp2((stream) => {
      stream.respond(STATUS_200);
      stream.listener = {
        onData: (piece) => stream.write([Buffer.from(piece)]),
        onEnd: () => stream.end(END),
        onGone: () => {},
      };
    });
    const stream = begin(server.connect());
    const answer = answerTo(stream);
    for (const word of ["one", "two", "three"]) {
      stream.write(word);
      expect(String((await once(stream, "data"))[0])).toBe(word);
    }
    stream.end();
    expect((await answer).trailers["x-end"]).toBe("yes");
  });

  it("ends a stream with the code that it is to, and no other", async () => {
    const streams: Http2Stream[] = [];
    await using server = await serveHttp2((stream) => {
      streams.push(stream);
      answerWith(stream, Buffer.from("all"));
    });
    const session = server.connect();
    const [first, second] = [begin(session), begin(session)];
    const answers = [answerTo(first), answerTo(second)];
    await expect.poll(() => streams.length).toBe(2);
    streams[0]?.reset(errorCode.REFUSED_STREAM);
    streams[0]?.reset();
    second.end();
    const [one, other] = await Promise.all(answers);
    expect([one?.rstCode, other?.rstCode, other?.body.toString()]).toEqual([errorCode.REFUSED_STREAM, 0, "all"]);
  });

  it("lets go of a stream that the client gives up, and goes on with the others", async () => {
    const events: string[] = [];
    await using server = await serveHttp2((stream) => {
      const { "x-name": name = "" } = stream.headers;
      stream.respond(STATUS_200);
      stream.write([Buffer.alloc(3_000_000)], () => events.push(`${name} taken`));
      stream.listener = { onData: () => {}, onEnd: () => stream.end(END), onGone: () => events.push(`${name} gone`) };
    });
    const session = server.connect();
    const stopped = begin(session, { "x-name": "stopped" });
    const other = begin(session, { "x-name": "other" });
    other.end();
    const answer = answerTo(other);
    await once(stopped, "data");
    stopped.close(errorCode.CANCEL);
    expect((await answer).body.length).toBe(3_000_000);
    await expect.poll(() => [...events].sort()).toEqual(["other taken", "stopped gone", "stopped taken"]);
  });

  it("tells of each stream once that it is gone when the connection is lost", async () => {
    const events: string[] = [];
    await using server = await serveHttp2((stream) => {
      stream.respond(STATUS_200);
      stream.write([Buffer.alloc(10_000_000)], () => events.push("taken"));
      stream.listener = { onData: () => {}, onEnd: () => {}, onGone: () => events.push("gone") };
    });
    const session = server.connect();
    const streams = [begin(session), begin(session)];
    await Promise.all(streams.map((stream) => once(stream, "response")));
    session.destroy();
    await expect.poll(() => server.served[0]?.isClosed).toBe(true);
    expect(events).toEqual(["taken", "gone", "taken", "gone"]);
  });

  it("closes once what runs is answered", async () => {
    const streams: Http2Stream[] = [];
    await using server = await serveHttp2((stream) => {
      streams.push(stream);
      answerWith(stream, Buffer.alloc(1_000_000, 7));
    });
    const session = server.connect();
    const running = begin(session);
    const answer = answerTo(running);
    await expect.poll(() => streams.length).toBe(1);
    const goaway = once(session, "goaway");
    server.served[0]?.connection.close();
    server.served[0]?.connection.close();
    expect((await goaway).slice(0, 2)).toEqual([errorCode.NO_ERROR, streams[0]?.id]);
    expect(server.served[0]?.isClosed).toBe(false);
    running.end();
    const { body, trailers } = await answer;
    expect([body.length, trailers["x-end"]]).toEqual([1_000_000, "yes"]);
    await expect.poll(() => [session.destroyed, server.served[0]?.isClosed]).toEqual([true, true]);
    expect(streams).toHaveLength(1);
  });

  it("closes at once where nothing runs", async () => {
    await using server = await serveHttp2((stream) => answerWith(stream));
    const session = server.connect();
    await ask(session);
    server.served[0]?.connection.close();
    await expect.poll(() => [session.destroyed, server.served[0]?.socket.closed]).toEqual([true, true]);
  });
});
