import { access } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.js";
import { removeFolder, type ServerProcess, serverFolder, startServer } from "./server-process.js";
import { missingServer, type SqlServer } from "./sql-server.js";
import { unprivilegedUser } from "./unprivileged-user.js";
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
    const port = await freePort();
    const settings = {
      listen_addr: "127.0.0.1",
      listen_port: port,
      unix_socket_dir: "",
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
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    const databases = ["[databases]", `* = host=${server.host} port=${server.port}`];
    const config = await write("pgbouncer.ini", [...databases, "[pgbouncer]", ...lines, ""].join("\n"));
    const running = startServer({ program, args: [config], user, stopSignal: "TERM", folder });
    await untilListening(running, port);
    return { ...server, port, socket: undefined, [Symbol.asyncDispose]: () => running.stop() };
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

async function untilListening(server: ServerProcess, port: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await listens(port))) {
    if (!server.isRunning() || Date.now() > deadline) {
      await server.stop();
      throw new Error(`pgbouncer did not start: ${server.output()}`);
    }
    await delay(30);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
