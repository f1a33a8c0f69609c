import { readFile } from "node:fs/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { codeOf } from "../errors/code-of.js";
import { DownstreamError } from "../errors.js";
import type { PemSource, SecureSocksProxyTls } from "../grafana-config/secure-socks-proxy.js";
import type { SecureSocksSettings } from "./secure-socks-settings.js";

/** Told of each connection through the proxy: the SOCKS reply code, or what happened instead, and the seconds it took. */
export type OnSocksDial = (code: string, seconds: number) => void;

/**
 * Connects to a server through the proxy.
 * @throws DownstreamError (504 where time ran out, else 502) that says what the proxy did
 */
export type SocksDial = (host: string, port: number) => Promise<Socket>;

/**
 * Makes what connects to servers behind Grafana's secure SOCKS proxy: TLS with certificates on both sides to the proxy, SOCKS5
 * with user and password in it, and in that the connection to the server. The proxy looks up the server's name.
 *
 * @throws DownstreamError (500) when the proxy's certificates cannot be read
 */
export async function createSocksDial(settings: SecureSocksSettings, onDial: OnSocksDial): Promise<SocksDial> {
  const { SocksClient } = await import("socks");
  const { proxy, credentials } = settings;
  const context = proxy.tls === undefined ? undefined : await proxyContext(proxy.tls);

  return async (host, port) => {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1_000;
    const left = (): number => (settings.timeoutMs === 0 ? 0 : Math.max(1, settings.timeoutMs - seconds() * 1_000));
    try {
      const toProxy = await connectToProxy(settings, context, left());
      const { socket } = await SocksClient.createConnection({
        command: "connect",
        proxy: {
          host: proxy.host,
          port: proxy.port,
          type: 5,
          userId: credentials.user,
          password: credentials.password,
        },
        destination: { host, port },
        existing_socket: toProxy,
        ...(settings.timeoutMs === 0 ? {} : { timeout: left() }),
      });
      onDial("0", seconds());
      return socket;
    } catch (error) {
      const failure = describeSocksFailure(error);
      onDial(failure.code, seconds());
      throw new DownstreamError(
        `the secure SOCKS proxy ${proxy.host}:${proxy.port} ${failure.text(`${host}:${port}`)}`,
        {
          status: failure.timedOut ? 504 : 502,
          cause: error,
        },
      );
    }
  };
}

async function proxyContext(tls: SecureSocksProxyTls): Promise<SecureContext> {
  try {
    return createSecureContext({
      ca: await Promise.all(tls.rootCas.map(readPem)),
      cert: await readPem(tls.clientCert),
      key: await readPem(tls.clientKey),
      minVersion: "TLSv1.3",
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new DownstreamError(`the certificates of Grafana's secure SOCKS proxy cannot be used: ${problem}`, {
      status: 500,
      cause: error,
    });
  }
}

async function readPem(source: PemSource): Promise<string> {
  return "pem" in source ? source.pem : readFile(source.file, "utf8");
}

function connectToProxy(
  { proxy, keepAliveMs }: SecureSocksSettings,
  context: SecureContext | undefined,
  timeoutMs: number,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port, tls } = proxy;
    const socket =
      tls === undefined || context === undefined
        ? connectTcp({ host, port })
        : connectTls({ host, port, servername: tls.serverName, secureContext: context });
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => socket.destroy(new SocksTimeout()), timeoutMs);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const closed = (): void => failed(new Error("Socket closed"));
    socket.once("error", failed);
    socket.once("close", closed);
    socket.once(tls === undefined ? "connect" : "secureConnect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      socket.off("close", closed);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs || 15_000);
      resolve(socket);
    });
  });
}

class SocksTimeout extends Error {
  override readonly name = "SocksTimeout";
  readonly code = "ETIMEDOUT";
}

interface SocksFailure {
  /** As the Go SDK labels it in `grafana_secure_socks_requests_duration`. */
  readonly code: string;
  readonly timedOut: boolean;
  /** What the proxy did, to end a sentence that begins with its name. */
  text(destination: string): string;
}

/** SOCKS5's replies (RFC 1928, section 6) by the names that the socks library gives them. */
const REPLIES: Readonly<Record<string, readonly [code: string, text: string]>> = {
  Failure: ["1", "failed to connect to"],
  NotAllowed: ["2", "does not allow connections to"],
  NetworkUnreachable: ["3", "cannot reach the network of"],
  HostUnreachable: ["4", "cannot reach"],
  ConnectionRefused: ["5", "was refused the connection by"],
  TTLExpired: ["6", "lost the way to"],
  CommandNotSupported: ["7", "does not make connections such as that to"],
  AddressNotSupported: ["8", "does not take addresses such as"],
};

function describeSocksFailure(error: unknown): SocksFailure {
  const message = error instanceof Error ? error.message : String(error);
  const systemCode = codeOf(error);
  const reply = REPLIES[/rejected connection - (\w+)/.exec(message)?.[1] ?? ""];
  if (reply !== undefined) {
    const [code, text] = reply;
    return { code, timedOut: false, text: (destination) => `${text} ${destination}` };
  }
  if (systemCode === "ETIMEDOUT" || /timed out/i.test(message)) {
    return { code: "io_timeout_error", timedOut: true, text: (to) => `did not connect to ${to} in time` };
  }
  if (/authentication failed|no accepted authentication/i.test(message)) {
    return { code: "socks_unknown_error", timedOut: false, text: () => "refused the data source's user and password" };
  }
  if (systemCode === "ECONNRESET" || /socket closed/i.test(message)) {
    return { code: "eof_error", timedOut: false, text: (to) => `closed the connection instead of connecting to ${to}` };
  }
  if (systemCode !== "") {
    const text = `cannot be connected to: ${message}; check the proxy settings of Grafana's configuration`;
    return { code: "dial_error", timedOut: false, text: () => text };
  }
  return { code: "socks_unknown_error", timedOut: false, text: (to) => `did not connect to ${to}: ${message}` };
}
