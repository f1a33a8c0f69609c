import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findPostgres } from "./find-postgres.js";
import { onFreePort } from "./free-port.js";
import { removeFolder, runProgram, type ServerProcess, serverFolder, startServer } from "./server-process.js";
import { missingServer, type SqlServer, serverOfUrl } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";
import { untilReady } from "./until-ready.js";
import { writeFor } from "./write-for.js";

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
    return missingServer("PostgreSQL", "install it, or name a server in FRAMEWRIGHT_POSTGRES_URL");
  }
  return startOwnPostgres(programs, options ?? {});
}

async function startOwnPostgres(programs: string, options: PostgresOptions): Promise<SqlServer> {
  const user = await unprivilegedUser("postgres");
  const folder = await serverFolder("postgres", user);
  const password = randomBytes(12).toString("hex");
  const write = (name: string, text: string): Promise<string> => writeFor(user, join(folder, name), text);
  const data = join(folder, "data");
  try {
    const init = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256"];
    await runProgram(join(programs, "initdb"), [...init, `--pwfile=${await write("password", password)}`], user);
    const settings: Record<string, string | number> = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: folder,
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      ...(await tlsSettings(options, write)),
      ...(options.access && { hba_file: await write("access", `${options.access.join("\n")}\n`) }),
      ...options.settings,
    };
    const start = async (port: number): Promise<ServerProcess> => {
      const all = Object.entries({ ...settings, port }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
      const args = ["-D", data, ...all];
      // The folder stays where the server ends before it has started.
      const keep = await write("keep", "");
      const server = startServer({ program: join(programs, "postgres"), args, user, stopSignal: "INT", folder });
      const socket = join(folder, `.s.PGSQL.${port}`);
      await untilReady({ name: "PostgreSQL", server, socket, hello: START_UP, isReady: takesConnections });
      await rm(keep);
      return server;
    };
    const startOn = async (port: number) => ({ server: await start(port), port });
    const started = options.port === undefined ? await onFreePort(startOn) : await startOn(options.port);
    const { port } = started;
    let { server } = started;
    return {
      host: "127.0.0.1",
      port,
      user: "postgres",
      password,
      database: "postgres",
      socket: join(folder, `.s.PGSQL.${port}`),
      async restart() {
        await write("keep", "");
        await server.stop();
        server = await start(port).catch(async (error: unknown) => {
          await removeFolder(folder);
          throw error;
        });
      },
      [Symbol.asyncDispose]: () => server.stop(),
    };
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
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
