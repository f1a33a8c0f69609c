/** A database server that a test may do with as it likes. */
export interface SqlServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** A user who may do everything. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The path of its Unix socket, where it has one. */
  readonly socket: string | undefined;
  /** Stops it without asking its callers, and starts it again with its data; absent where the server is someone else's. */
  readonly restart?: () => Promise<void>;
}

/** The server that an environment variable names: `postgres://user:password@host:port/database`. */
export function serverOfUrl(name: string, defaultPort: number): SqlServer | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") {
    return undefined;
  }
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port) || defaultPort,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    socket: undefined,
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * What tests do where a server is missing: on CI that is an error, elsewhere they say so and are skipped.
 *
 * @param variable names another server, where the tests would take one
 * @returns why the tests cannot run
 */
export function missingServer(what: string, remedy: string, variable?: string): string {
  const other = variable === undefined ? "" : `, or name a server in ${variable}`;
  const text = `${what} was not found on this machine: ${remedy}${other}`;
  if (process.env["CI"] === "true") {
    throw new Error(text);
  }
  console.error(`\n!!! ${text}. The tests that need it are SKIPPED.\n`);
  return text;
}
