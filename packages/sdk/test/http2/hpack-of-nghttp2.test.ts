import { once } from "node:events";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders, sensitiveHeaders } from "node:http2";
import { createServer, connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeaderDecoder } from "../../src/server/http2/hpack/header-decoder.js";
import { framesIn, NO_SETTINGS, PREFACE } from "./raw-frames.js";

let sockets = 0;

/** The blocks of headers that Node's client sends for these requests over one connection. */
async function blocksOf(requests: readonly OutgoingHttpHeaders[]): Promise<Buffer[]> {
  const path = join(tmpdir(), `framewright-hpack-${process.pid}-${sockets++}`);
  const server = createServer().listen(path);
  let session: ClientHttp2Session | undefined;
  let socket: Socket | undefined;
  try {
    await once(server, "listening");
    server.once("connection", (accepted: Socket) => {
      socket = accepted;
      accepted.on("error", () => {});
      accepted.write(NO_SETTINGS);
    });
    session = connect("http://localhost", { createConnection: () => dial(path) });
    session.on("error", () => {});
    for (const headers of requests) {
      session.request(headers).on("error", () => {});
    }
    let bytes: Buffer = Buffer.alloc(0);
    const [accepted]: Socket[] = socket === undefined ? await once(server, "connection") : [socket];
    for (;;) {
      const blocks: Buffer[] = [];
      let parts: Buffer[] = [];
      for (const { type, flags, payload } of framesIn(bytes.subarray(PREFACE.length), true)) {
        if (type === 1 || type === 9) {
          // What Node's client sends is padded by nothing, and may begin with a priority.
          parts.push(payload.subarray(type === 1 && (flags & 0x20) !== 0 ? 5 : 0));
          if ((flags & 4) !== 0) {
            blocks.push(Buffer.concat(parts));
            parts = [];
          }
        }
      }
      if (blocks.length === requests.length) {
        return blocks;
      }
      const [piece]: Buffer[] = (await once(accepted ?? server, "data")) ?? [];
      bytes = Buffer.concat([bytes, piece ?? Buffer.alloc(0)]);
    }
  } finally {
    session?.destroy();
    socket?.destroy();
    server.close();
  }
}

const PSEUDO = { ":method": "POST", ":authority": "localhost", ":scheme": "http", ":path": "/a.B/c" };

function readAll(blocks: readonly Buffer[]): (readonly [string, string])[][] {
  const decoder = new HeaderDecoder(10_000_000);
  return blocks.map((block) =>
    (decoder.decode(block, 0, block.length) ?? []).map(({ name, value }) => [name, value] as const),
  );
}

const character = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0x21, max: 0x7e }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
);
const value = fc.oneof(
  fc.array(character, { maxLength: 80 }).map((codes) => String.fromCharCode(...codes)),
  fc.constantFrom("1S", "application/grpc", "gzip", "trailers", "a".repeat(3_900), "b".repeat(4_200)),
);
const name = fc.oneof(
  fc.stringMatching(/^x-[a-z0-9!#$%&'*+.^_`|~-]{0,30}$/),
  fc.constantFrom("user-agent", "accept", "grpc-timeout", "content-type", "authorization", "cookie", "x-1", "x-2"),
);
const request = fc.record({
  path: fc.constantFrom("/", "/index.html", "/plugin.Data/QueryData", "/plugin.Data/QueryData2"),
  headers: fc.dictionary(name, value, { maxKeys: 12 }),
  sensitive: fc.boolean(),
});

describe("what nghttp2 encodes", () => {
  it("is read back, over one connection, for any requests", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), async (requests) => {
        const sent = requests.map(({ path, headers }) => ({ ...PSEUDO, ":path": path, ...headers }));
        const marked = sent.map((headers, index) => {
          const names = requests[index]?.sensitive ? Object.keys(requests[index]?.headers ?? {}) : [];
          return { ...headers, [sensitiveHeaders]: names };
        });
        expect(readAll(await blocksOf(marked))).toEqual(sent.map((headers) => Object.entries(headers)));
      }),
      { numRuns: 60 },
    );
  });

  it("is read back for each byte that a header may have, compressed", async () => {
    // Enough of what is short in the code to have a text compressed that a rare byte makes longer.
    const values = Array.from(
      { length: 256 },
      (_, byte) => `${"a".repeat(20)}${String.fromCharCode(byte)}${"0".repeat(20)}`,
    ).filter((_, byte) => ![0, 10, 13].includes(byte));
    const headers = Object.fromEntries(values.map((value, index) => [`x-${index}`, value]));
    const [block = Buffer.alloc(0)] = await blocksOf([{ ...PSEUDO, ...headers }]);
    expect(block.length).toBeLessThan(values.length * 38);
    expect(readAll([block])[0]?.slice(4)).toEqual(Object.entries(headers));
  });

  it("is read back where a block takes several frames", async () => {
    const headers = { "x-long": "~".repeat(50_000) };
    expect(readAll(await blocksOf([{ ...PSEUDO, ...headers }]))[0]?.at(-1)).toEqual(["x-long", headers["x-long"]]);
  });
});
