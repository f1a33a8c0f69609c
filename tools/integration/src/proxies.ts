import { createServer as createHttpServer, type IncomingHttpHeaders, request } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { createServer as createSocksServer } from "@pondwader/socks5-server";
import type { Certificate } from "./certificates.js";
import { listen, type RunningServer } from "./data-server.js";

/** A proxy and what it was asked for. */
export interface RunningProxy extends RunningServer {
  /** Destinations, as `host:port`, in their order. */
  readonly asked: readonly string[];
}

/** How {@link startSocksProxy} is reached. */
export interface SocksProxyOptions {
  /** Its certificate and the authority of its clients'; absent for a proxy without TLS. */
  readonly tls?: { readonly certificate: Certificate; readonly clientAuthority: string };
  readonly user: string;
  readonly password: string;
  /** Hosts that it does not connect to. */
  readonly refused?: readonly string[];
}

/**
 * Starts a SOCKS5 server, behind TLS with client certificates as Grafana's private data source connect has it. Whatever host it
 * is asked for, it connects to this machine: only the proxy knows what a name means.
 */
export async function startSocksProxy({ tls, user, password, refused = [] }: SocksProxyOptions): Promise<RunningProxy> {
  const asked: string[] = [];
  const socks = createSocksServer({ auth: { username: user, password } });
  socks.setRulesetValidator(({ destAddress, destPort }) => {
    asked.push(`${destAddress}:${destPort}`);
    return !refused.includes(destAddress);
  });
  socks.setConnectionHandler(({ socket, destPort }, sendStatus) => {
    const onwards = connect(destPort, "127.0.0.1", () => {
      sendStatus("REQUEST_GRANTED");
      join(socket, onwards);
    });
    onwards.once("error", () => sendStatus("CONNECTION_REFUSED"));
  });
  const handle = (socket: Socket): void => {
    socks._handleConnection(socket);
  };
  const server =
    tls === undefined
      ? createServer(handle)
      : createTlsServer(
          {
            ...tls.certificate,
            ca: tls.clientAuthority,
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: "TLSv1.3",
          },
          handle,
        );
  return { ...(await listen(server)), asked };
}

/**
 * Starts an HTTP proxy. Whatever host it is asked for, it connects to this machine, so that names which do not exist can be asked
 * through it.
 *
 * @param authorization what `Proxy-Authorization` has to be; absent where anyone may ask
 */
export async function startHttpProxy(authorization?: string): Promise<RunningProxy> {
  const asked: string[] = [];
  const mayAsk = (headers: IncomingHttpHeaders): boolean =>
    authorization === undefined || headers["proxy-authorization"] === authorization;
  const server = createHttpServer((incoming, response) => {
    if (!mayAsk(incoming.headers)) {
      response.writeHead(407).end();
      return;
    }
    const url = new URL(incoming.url ?? "");
    asked.push(`${incoming.method} ${url.host}`);
    const { method, headers } = incoming;
    const path = url.pathname + url.search;
    const onwards = request({ host: "127.0.0.1", port: url.port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onwards);
  });
  server.on("connect", ({ url = "", headers }, socket: Socket) => {
    if (!mayAsk(headers)) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    asked.push(`CONNECT ${url}`);
    const onwards = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      join(socket, onwards);
    });
  });
  return { ...(await listen(server)), asked };
}

function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}
