import { join } from "node:path";
import { findPostgres } from "./find-postgres.js";
import { startInFolder } from "./server-in-folder.js";
import { runProgram } from "./server-process.js";
import { missingServer, type SqlServer, serverOfUrl } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";

/** How a PostgreSQL server of a test is to be. */
export interface PostgresOptions {
  /** Its certificate, and the authority that its clients' certificates are of; with it the server takes TLS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** Lines of `pg_hba.conf` instead of "passwords for all". */
  readonly access?: readonly string[];
  /** Its port. Default: one that is free. */
  readonly port?: number;
  /** More settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/**
 * Starts a PostgreSQL server in a temporary folder, on a free port of this machine and with a password; or, where no options are
 * given and `FRAMEWRIGHT_POSTGRES_URL` names one, takes that. Its durability is off: nothing it holds is to last.
 *
 * @returns in words why there is none
 * @throws Error on CI, where there must be one, and if a server does not start
 */
export async function startPostgres(options?: PostgresOptions): Promise<SqlServer | string> {
  const named = options === undefined ? serverOfUrl("FRAMEWRIGHT_POSTGRES_URL", 5432) : undefined;
  if (named !== undefined) {
    return named;
  }
  const programs = await findPostgres();
  if (programs === undefined) {
    return missingServer("PostgreSQL", "install it", options === undefined ? "FRAMEWRIGHT_POSTGRES_URL" : undefined);
  }
  return startOwnPostgres(programs, options ?? {});
}

async function startOwnPostgres(programs: string, options: PostgresOptions): Promise<SqlServer> {
  const socketIn = (folder: string, port: number): string => join(folder, `.s.PGSQL.${port}`);
  const { folder, port, ...started } = await startInFolder({
    name: "PostgreSQL",
    user: await unprivilegedUser("postgres"),
    stop: `kill -INT "$server"`,
    port: options.port,
    async prepare({ path, user, password, write }) {
      const data = join(path, "data");
      const init = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256"];
      await runProgram(join(programs, "initdb"), [...init, `--pwfile=${await write("password", password)}`], user);
      const settings: Record<string, string | number> = {
        listen_addresses: "127.0.0.1",
        unix_socket_directories: path,
        fsync: "off",
        synchronous_commit: "off",
        full_page_writes: "off",
        ...(await tlsSettings(options, write)),
        ...(options.access && { hba_file: await write("access", `${options.access.join("\n")}\n`) }),
        ...options.settings,
      };
      return (port) => ({
        program: join(programs, "postgres"),
        args: [
          "-D",
          data,
          ...Object.entries({ ...settings, port }).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
        ],
        at: { path: socketIn(path, port) },
        hello: START_UP,
        isReady: takesConnections,
      });
    },
  });
  return {
    ...started,
    host: "127.0.0.1",
    port,
    user: "postgres",
    password: folder.password,
    database: "postgres",
    socket: socketIn(folder.path, port),
  };
}

async function tlsSettings(
  { tls }: PostgresOptions,
  write: (name: string, text: string) => Promise<string>,
): Promise<Record<string, string>> {
  if (tls === undefined) {
    return {};
  }
  return {
    ssl: "on",
    ssl_cert_file: await write("server.crt", tls.cert),
    ssl_key_file: await write("server.key", tls.key),
    ssl_ca_file: await write("clients.crt", tls.clientCa),
  };
}

/** A start-up packet: its length, the protocol's version, and who asks for what. */
const START_UP = Buffer.from("\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0", "latin1");

/** What a server answers that takes no connections yet, or none any more. */
const NOT_NOW = "57P03";

function takesConnections(answer: Buffer): boolean {
  return !answer.includes(NOT_NOW);
}
