import { connect, type Socket } from "node:net";
import { measureSocksDial, metricLabel } from "../http/metrics/http-metrics.js";
import { type DialConfig, readSecureSocksSettings } from "./secure-socks-settings.js";

/** A place to connect to: a port of a host, or a Unix socket by its path. */
export type Destination = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Opens a connection. It is destroyed where the signal aborts before it is there; then it is the caller's.
 * @throws the signal's reason; `DownstreamError` for what the secure SOCKS proxy did; else the system's error
 */
export type Dial = (destination: Destination, signal: AbortSignal) => Promise<Socket>;

/**
 * Makes what connects to a data source's server as its settings say: directly, or through Grafana's secure SOCKS proxy. Unix
 * sockets are of this machine, and never behind the proxy.
 *
 * @throws DownstreamError (400 or 500) that names the setting which is wrong
 */
export async function createDial(config: DialConfig): Promise<Dial> {
  const settings = readSecureSocksSettings(config);
  if (settings === undefined) {
    return dialDirectly;
  }
  const { createSocksDial } = await import("./socks-dial.js");
  const plugin = metricLabel(config.plugin?.id ?? "");
  const dial = await createSocksDial(settings, (code, seconds) =>
    measureSocksDial(code, config.name ?? "", plugin, seconds),
  );
  return async (destination, signal) => {
    if ("path" in destination) {
      return dialDirectly(destination, signal);
    }
    const dialled = dial(destination.host, destination.port);
    return orAbort(dialled, signal, () => void dialled.then((socket) => socket.destroy()).catch(() => {}));
  };
}

function dialDirectly(destination: Destination, signal: AbortSignal): Promise<Socket> {
  const socket = connect(destination);
  const connected = new Promise<Socket>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 15_000);
      resolve(socket);
    });
  });
  return orAbort(connected, signal, () => socket.destroy());
}

/** What the work gives, or the signal's reason, whichever is first. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal, giveUp: () => void): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      giveUp();
      reject(signal.reason);
    };
    if (signal.aborted) {
      abort();
    } else {
      signal.addEventListener("abort", abort, { once: true });
    }
  });
  // Whichever is late has nobody to tell.
  work.catch(() => {});
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
