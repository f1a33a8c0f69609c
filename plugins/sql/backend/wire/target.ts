import { DownstreamError } from "@framewright/sdk";
import type { Destination } from "@framewright/sdk/network";

/** Where a server is. */
export interface Target {
  readonly destination: Destination;
  /** The name that its certificate has to be for; a socket of this machine has none. */
  readonly host: string | undefined;
  /** For messages. */
  readonly address: string;
}

/**
 * Reads the URL field of the data source: `host:port`, `[address]:port`, or a path, with or without a port behind it.
 *
 * @param defaultPort the port where the field has none
 * @param socketOf the path of the Unix socket that a path and a port stand for
 * @throws DownstreamError (400) for anything else
 */
export function readTarget(url: string, defaultPort: number, socketOf: (path: string, port: number) => string): Target {
  const text = url
    .trim()
    .replace(/^(?:postgres(?:ql)?|mysql|mariadb):\/\//, "")
    .replace(/\/+$/, "");
  if (text.includes("@") && !text.startsWith("/")) {
    // What stands before it may be a password, which is not to be shown.
    throw new DownstreamError("url: it must be host:port alone; user and password have fields of their own", {
      status: 400,
    });
  }
  const [, v6, name, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const number = port === undefined ? defaultPort : Number(port);
  const host = v6 ?? name;
  if (host === undefined || number < 1 || number > 65_535) {
    const problem = text === "" ? "is missing" : `is ${JSON.stringify(text)}, which cannot be read`;
    throw new DownstreamError(`url: ${problem}; it must be host:port, or the path of a Unix socket`, { status: 400 });
  }
  if (host.startsWith("/")) {
    const path = socketOf(host, number);
    return { destination: { path }, host: undefined, address: path };
  }
  const address = v6 === undefined ? `${host}:${number}` : `[${host}]:${number}`;
  return { destination: { host, port: number }, host, address };
}
