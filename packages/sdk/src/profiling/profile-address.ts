/** Where profiles are served. */
export interface ProfileAddress {
  readonly host: string;
  readonly port: number;
}

/** Where profiles are served unless asked otherwise: what they tell is for this machine only. */
const OWN_HOST = "127.0.0.1";
const DEFAULT_PORT = 6060;

/**
 * Reads an address for profiles: a port of this machine's own address, or `host:port`, where an IPv6 address has brackets. A host or
 * port that is left out is the default's.
 *
 * @throws Error that says what is wrong
 */
export function readProfileAddress(asked: string): ProfileAddress {
  const separator = asked.lastIndexOf(":");
  const host = asked.slice(0, Math.max(0, separator)).replace(/^\[(.*)\]$/, "$1");
  const text = asked.slice(separator + 1);
  const port = text === "" ? DEFAULT_PORT : Number(text);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Error(`"${text}" is no port; a number from 0 to 65535 is`);
  }
  return { host: host === "" ? OWN_HOST : host, port };
}

/** An address as a URL has it. */
export function hostAndPort(address: string, port: number): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return /^(127\.|::ffff:127\.|::1$)/.test(address);
}

/**
 * Whether a `Host` header names this machine by what nobody else can have as a name. A page of the web whose own name was made to lead here
 * ("DNS rebinding") has that name in it.
 */
export function namesThisMachine(hostHeader: string | undefined): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(hostHeader ?? "");
}
