import { once } from "node:events";
import type { Socket } from "node:net";
import { connectionError, type Dial } from "@framewright/sdk/network";
import mysql from "mysql2";
import type { Target } from "../wire/target.js";
import type { ServerTls } from "../wire/tls.js";
import { MysqlConnection, type ServerTraits } from "./mysql-connection.js";
import { query } from "./packets.js";
import { toDownstreamError } from "./server-error.js";

/** What is needed to connect to a server. */
export interface Login {
  readonly target: Target;
  readonly tls: ServerTls | undefined;
  readonly dial: Dial;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
}

/** How long a server may take to note that a statement is to stop. */
const CANCEL_MS = 5_000;

/**
 * Opens a connection and logs in, which `mysql2` does, with TLS. From then on the connection is read by `MysqlConnection`.
 *
 * @throws DownstreamError that says what failed: the network, TLS, the password, the database
 */
export async function connectMysql(login: Login, signal: AbortSignal): Promise<MysqlConnection> {
  const { target, tls, dial, user, password, database } = login;
  let socket: Socket | undefined;
  const giveUp = (): void => void socket?.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    socket = await dial(target.destination, signal);
    const client = mysql.createConnection({
      user,
      password,
      ...(database !== undefined && { database }),
      host: target.host ?? "localhost",
      stream: socket,
      charset: "utf8mb4",
      connectTimeout: 0,
      // A file of the plugin's machine is nobody's business, and queries have no attributes.
      flags: ["-LOCAL_FILES", "-CLIENT_QUERY_ATTRIBUTES", "-IGNORE_SPACE", "-SESSION_TRACK"],
      ...(tls && { ssl: sslOf(tls) }),
    });
    const [handshake] = await once(client, "connect");
    // What goes wrong later is seen by whoever reads the socket.
    client.on("error", () => {});
    // With TLS it is another one than the one that was given.
    const stream: Socket = Reflect.get(client, "stream");
    stream.removeAllListeners("data");
    const id: unknown = Reflect.get(handshake, "connectionId");
    const traits = {
      ...traitsOf(
        String(Reflect.get(handshake, "serverVersion")),
        Number(Reflect.get(handshake, "mariadbExtendedCapabilityFlags")),
      ),
      hasExtendedMetadata: Reflect.get(client, "_mariadbExtendedMetadata") === true,
    };
    return new MysqlConnection(stream, traits, () => kill(login, id));
  } catch (error) {
    socket?.destroy();
    signal.throwIfAborted();
    throw loginError(error, login);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/**
 * Says that MariaDB takes a statement for many rows at once, `MARIADB_CLIENT_STMT_BULK_OPERATIONS`. It came in 10.2, together with the number
 * that means the statement that was prepared last. A version is no sign of it: a proxy may give MariaDB's, and end at a statement it does not know.
 */
const BULK_OPERATIONS = 0x04;

/** What the greeting tells. @param capabilities what MariaDB can beside what MySQL can: 0 where the server says that it is MySQL */
export function traitsOf(version: string, capabilities: number): Pick<ServerTraits, "isMariadb" | "runsLast"> {
  return { isMariadb: /mariadb/i.test(version), runsLast: (capabilities & BULK_OPERATIONS) !== 0 };
}

/**
 * Has the server stop what a connection runs, over another one: the protocol has no way of its own. Never throws: what keeps it
 * from that, such as too many connections, may be over when it is tried again.
 */
async function kill(login: Login, id: unknown): Promise<void> {
  const limit = AbortSignal.timeout(CANCEL_MS);
  try {
    const connection = await connectMysql(login, limit);
    await connection.within(limit, () => connection.run(query(`KILL QUERY ${Number(id)}`)));
    connection.close();
  } catch {
    // Whoever cancels asks again while the statement runs on.
  }
}

function sslOf({ ca, cert, key, rejectUnauthorized = true, checkServerIdentity }: ServerTls): mysql.SslOptions {
  return {
    ...(ca !== undefined && { ca: [ca].flat().map(String) }),
    ...(cert !== undefined && { cert: String(cert) }),
    ...(key !== undefined && { key: String(key) }),
    rejectUnauthorized,
    verifyIdentity: rejectUnauthorized && checkServerIdentity === undefined,
  };
}

/** The server's own words, where it has any. */
function loginError(error: unknown, { target, tls }: Login): Error {
  const number = error instanceof Error && "errno" in error ? error.errno : undefined;
  // An error of the system has a number, too, which is above 0 in Bun.
  if (error instanceof Error && !("syscall" in error) && typeof number === "number" && number > 0) {
    const state: unknown = Reflect.get(error, "sqlState");
    return toDownstreamError({
      code: number,
      state: typeof state === "string" ? state : "",
      message: error.message,
    });
  }
  return connectionError(error, { address: target.address, clientCertificate: tls?.cert !== undefined });
}
