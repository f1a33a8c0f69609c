import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { onFreePort } from "./free-port.js";
import { removeFolder, serverFolder, startServer } from "./server-process.js";
import { missingServer, type SqlServer } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";
import { untilReady } from "./until-ready.js";
import { writeFor } from "./write-for.js";

/** How a pgbouncer of a test is to be. */
export interface PgbouncerOptions {
  /** The server that it pools connections to. */
  readonly server: SqlServer;
  /** Its certificate; with it clients have to speak TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Most connections to the server; callers wait for one. */
  readonly poolSize: number;
}

/**
 * Starts pgbouncer in transaction mode, in which each transaction of a client may run on another connection.
 *
 * @returns in words why there is none
 * @throws Error on CI, where there must be one, and if it does not start
 */
export async function startPgbouncer({ server, tls, poolSize }: PgbouncerOptions): Promise<SqlServer | string> {
  const program = "/usr/sbin/pgbouncer";
  const exists = await access(program).then(
    () => true,
    () => false,
  );
  if (!exists) {
    return missingServer("pgbouncer", "install it");
  }
  const user = await unprivilegedUser("postgres");
  const folder = await serverFolder("pgbouncer", user);
  const write = (name: string, text: string): Promise<string> => writeFor(user, join(folder, name), text);
  try {
    const settings = {
      listen_addr: "127.0.0.1",
      unix_socket_dir: folder,
      pool_mode: "transaction",
      default_pool_size: poolSize,
      max_client_conn: 500,
      auth_type: "scram-sha-256",
      auth_file: await write("users", `"${server.user}" "${server.password}"\n`),
      ...(tls && {
        client_tls_sslmode: "require",
        client_tls_cert_file: await write("server.crt", tls.cert),
        client_tls_key_file: await write("server.key", tls.key),
      }),
    };
    const databases = ["[databases]", `* = host=${server.host} port=${server.port}`];
    return await onFreePort(async (port) => {
      // The folder stays where the server ends before it has started.
      const keep = await write("keep", "");
      const lines = Object.entries({ ...settings, listen_port: port }).map(([name, value]) => `${name} = ${value}`);
      const config = await write("pgbouncer.ini", [...databases, "[pgbouncer]", ...lines, ""].join("\n"));
      const running = startServer({ program, args: [config], user, stopSignal: "TERM", folder });
      await untilReady({ name: "pgbouncer", server: running, socket: join(folder, `.s.PGSQL.${port}`) });
      await rm(keep);
      return { ...server, port, socket: undefined, [Symbol.asyncDispose]: () => running.stop() };
    });
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}
