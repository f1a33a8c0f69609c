import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { createCertificate } from "@framewright/protocol/certificate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GrpcServer } from "../../src/server/grpc/grpc-server.js";
import { ask, begin, framed } from "./serve-grpc.js";

type Certificate = Awaited<ReturnType<typeof createCertificate>>;

let servers = 0;
let server: GrpcServer;
let path: string;
let host: Certificate;
let plugin: Certificate;

beforeEach(async () => {
  [host, plugin] = await Promise.all([createCertificate(), createCertificate()]);
  server = new GrpcServer(-1, () => {});
  server.answerOne("/s/echo", (call, request) => {
    call.write([request]);
    call.end();
  });
  server.answerOne("/s/wait", () => {});
  path = join(tmpdir(), `framewright-grpc-tls-${process.pid}-${servers++}`);
  await server.listen({ path }, { ca: host.cert, cert: plugin.cert, key: plugin.key, requestCert: true });
});

afterEach(() => server.destroy());

function secured(socket: Socket, { cert, key }: Certificate = host) {
  const options = { cert, key, ca: plugin.cert, servername: "localhost", ALPNProtocols: ["h2"] };
  const session = connectHttp2("https://localhost", {
    createConnection: () => connectTls({ ...options, socket }),
  });
  session.on("error", () => {});
  return session;
}

describe("a server with TLS", () => {
  it("answers whom it knows, and nobody else", async () => {
    const session = secured(connect(path));
    expect(await ask(session, "/s/echo", framed("hello"))).toMatchObject({ code: "0" });
    const stranger = secured(connect(path), await createCertificate());
    await once(stranger, "close");
    const plain = connectHttp2("http://localhost", { createConnection: () => connect(path) });
    plain.on("error", () => {});
    await once(plain, "close");
    expect(await ask(session, "/s/echo", framed("hello"))).toMatchObject({ code: "0" });
    session.destroy();
  });

  it("takes no calls of a connection whose TLS is done after it was closed", async () => {
    const early = connect(path);
    await once(early, "connect");
    const closed = server.close();
    const session = secured(early);
    const stream = begin(session, "/s/wait");
    stream.end(framed(""));
    await once(session, "close");
    await closed;
  });

  it("ends when it is destroyed, with a call on its way and a connection whose TLS has only begun", async () => {
    const idle = connect(path);
    await once(idle, "connect");
    // Something of a ClientHello.
    idle.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
    idle.on("error", () => {});
    const session = secured(connect(path));
    expect(await ask(session, "/s/echo", framed(""))).toMatchObject({ code: "0" });
    begin(session, "/s/wait").end(framed(""));
    const ended = once(session, "close");
    const closed = server.close();
    server.destroy();
    await ended;
    idle.destroy();
    await closed;
  });
});
