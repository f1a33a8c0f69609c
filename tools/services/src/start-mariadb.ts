import { randomBytes } from "node:crypto";
import { access, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { onFreePort } from "./free-port.js";
import { removeFolder, runProgram, type ServerProcess, serverFolder, startServer } from "./server-process.js";
import { missingServer, type SqlServer, serverOfUrl } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";
import { untilReady } from "./until-ready.js";
import { writeFor } from "./write-for.js";

/** How a MariaDB server of a test is to be. */
export interface MariadbOptions {
  /** Its certificate, and the authority that its clients' certificates are of; with it the server takes TLS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** Statements that it begins with. */
  readonly statements?: readonly string[];
}

/**
 * Starts a MariaDB server in a temporary folder, on a free port of this machine and with a password; or, where no options are
 * given and `FRAMEWRIGHT_MYSQL_URL` names one, takes that. Its durability is off: nothing it holds is to last.
 *
 * @returns in words why there is none
 * @throws Error on CI, where there must be one, and if a server does not start
 */
export async function startMariadb(options?: MariadbOptions): Promise<SqlServer | string> {
  const named = options === undefined ? serverOfUrl("FRAMEWRIGHT_MYSQL_URL", 3306) : undefined;
  if (named !== undefined) {
    return named;
  }
  const [server, install] = await Promise.all([find("mariadbd"), find("mariadb-install-db")]);
  if (server === undefined || install === undefined) {
    return missingServer("MariaDB", "install it, or name a server in FRAMEWRIGHT_MYSQL_URL");
  }
  return startOwnMariadb(server, install, options ?? {});
}

async function startOwnMariadb(program: string, install: string, options: MariadbOptions): Promise<SqlServer> {
  const user = await unprivilegedUser("mysql");
  const folder = await serverFolder("mariadb", user);
  const password = randomBytes(12).toString("hex");
  const write = (name: string, text: string): Promise<string> => writeFor(user, join(folder, name), text);
  try {
    const data = join(folder, "data");
    const socket = join(folder, "mariadb.sock");
    await runProgram(
      install,
      ["--no-defaults", `--datadir=${data}`, "--skip-test-db", "--auth-root-authentication-method=normal"],
      user,
    );
    const statements = [
      "CREATE DATABASE IF NOT EXISTS framewright",
      `CREATE USER IF NOT EXISTS framewright@'%' IDENTIFIED BY '${password}'`,
      "GRANT ALL ON *.* TO framewright@'%' WITH GRANT OPTION",
      ...(options.statements ?? []),
    ];
    const args = [
      "--no-defaults",
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--tmpdir=${folder}`,
      `--init-file=${await write("init.sql", `${statements.join(";\n")};\n`)}`,
      "--bind-address=127.0.0.1",
      "--character-set-server=utf8mb4",
      "--skip-name-resolve",
      "--innodb-flush-log-at-trx-commit=0",
      "--max-connections=300",
      ...(await tlsArguments(options, write)),
    ];
    const start = async (port: number): Promise<ServerProcess> => {
      // The folder stays where the server ends before it has started.
      const keep = await write("keep", "");
      const all = [...args, `--port=${port}`];
      const server = startServer({ program, args: all, user, stopSignal: "TERM", folder });
      // It greets whoever connects, but only once its first statements have run.
      await untilReady({ name: "MariaDB", server, socket, isReady: () => true });
      await rm(keep);
      return server;
    };
    const started = await onFreePort(async (port) => ({ server: await start(port), port }));
    const { port } = started;
    let { server } = started;
    return {
      host: "127.0.0.1",
      port,
      user: "framewright",
      password,
      database: "framewright",
      socket,
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

async function tlsArguments(
  { tls }: MariadbOptions,
  write: (name: string, text: string) => Promise<string>,
): Promise<string[]> {
  if (tls === undefined) {
    return [];
  }
  return [
    `--ssl-cert=${await write("server.crt", tls.cert)}`,
    `--ssl-key=${await write("server.key", tls.key)}`,
    `--ssl-ca=${await write("clients.crt", tls.clientCa)}`,
  ];
}

/** Servers are mostly where only the superuser's PATH leads. */
async function find(name: string): Promise<string | undefined> {
  for (const folder of [
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/usr/sbin",
    "/usr/libexec",
    "/usr/local/sbin",
  ]) {
    const path = join(folder, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) {
      return path;
    }
  }
  return undefined;
}
