import { join } from "node:path";
import { findProgram } from "./find-program.js";
import { startInFolder } from "./server-in-folder.js";
import { missingServer, type SqlServer } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";

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
  const program = await findProgram("pgbouncer");
  if (program === undefined) {
    return missingServer("pgbouncer", "install it");
  }
  const { folder: _, ...started } = await startInFolder({
    name: "pgbouncer",
    user: await unprivilegedUser("postgres"),
    stop: `kill -TERM "$server"`,
    async prepare({ path, write }) {
      const settings = {
        listen_addr: "127.0.0.1",
        unix_socket_dir: path,
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
      return async (port) => {
        const lines = Object.entries({ ...settings, listen_port: port }).map(([name, value]) => `${name} = ${value}`);
        return {
          program,
          args: [await write("pgbouncer.ini", [...databases, "[pgbouncer]", ...lines, ""].join("\n"))],
          at: { path: join(path, `.s.PGSQL.${port}`) },
        };
      };
    },
  });
  return { ...server, ...started, socket: undefined };
}
