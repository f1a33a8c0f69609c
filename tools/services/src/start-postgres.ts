import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findPostgres } from "./find-postgres.js";
import { freePort } from "./free-port.js";
import { removeFolder, runProgram, type ServerProcess, serverFolder, startServer } from "./server-process.js";
import { missingServer, type SqlServer, serverOfUrl } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";
import { writeFor } from "./write-for.js";

/** How a PostgreSQL server of a test is to be. */
export interface PostgresOptions {
  /** Its certificate, and the authority that its clients' certificates are of; with it the server takes TLS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** Lines of `pg_hba.conf` instead of "passwords for all". */
  readonly access?: readonly string[];
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
    const port = await freePort();
    const settings: Record<string, string | number> = {
      port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: folder,
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      ...(await tlsSettings(options, write)),
      ...(options.access && { hba_file: await write("access", `${options.access.join("\n")}\n`) }),
      ...options.settings,
    };
    const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
    const start = async (): Promise<ServerProcess> => {
      const server = startServer({ program: join(programs, "postgres"), args, user, stopSignal: "INT", folder });
      await untilReady(server, port);
      return server;
    };
    let server = await start();
    return {
      host: "127.0.0.1",
      port,
      user: "postgres",
      password,
      database: "postgres",
      socket: join(folder, `.s.PGSQL.${port}`),
      async restart() {
        const keep = await write("keep", "");
        await server.stop();
        server = await start();
        await rm(keep);
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

async function untilReady(server: ServerProcess, port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await answers(port))) {
    if (!server.isRunning() || Date.now() > deadline) {
      await server.stop();
      throw new Error(`PostgreSQL did not start: ${server.output()}`);
    }
    await delay(30);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(START_UP));
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("data", (answer: Buffer) => done(!answer.includes(NOT_NOW)));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
  });
}
