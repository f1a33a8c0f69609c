import type { Socket } from "node:net";
import { DownstreamError } from "@framewright/sdk";
import { connectionError, type Dial, startTls } from "@framewright/sdk/network";
import pg from "pg";
import type { Target } from "../wire/target.js";
import type { ServerTls } from "../wire/tls.js";
import { cancelRequest, sslRequest } from "./messages.js";
import { PostgresConnection } from "./postgres-connection.js";
import { readEarlyError, toDownstreamError, unreadable } from "./server-error.js";

/** What is needed to connect to a server. */
export interface Login {
  readonly target: Target;
  readonly tls: ServerTls | undefined;
  readonly dial: Dial;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Opens a connection and logs in, which `pg` does. From then on the connection is read by `PostgresConnection`.
 *
 * @throws DownstreamError that says what failed: the network, TLS, the password, the database
 */
export async function connectPostgres(login: Login, signal: AbortSignal): Promise<PostgresConnection> {
  const { user, password, database } = login;
  const socket = await openSocket(login, signal);
  const giveUp = (): void => void socket.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    // The socket is connected, so that pg has only to be told.
    socket.connect = () => {
      process.nextTick(() => socket.emit("connect"));
      return socket;
    };
    const options = {
      user,
      // A text that is empty would be replaced by PGPASSWORD, or by what a .pgpass file has.
      password: () => password,
      database,
      host: login.target.host ?? "",
      stream: () => socket,
      ssl: false,
      sslnegotiation: "postgres" as const,
    };
    const client = new pg.Client(options);
    // The environment of Grafana's process, such as PGOPTIONS, is not to say what a data source asks for.
    Reflect.set(client, "getStartupConf", () => ({ user, database, application_name: "Grafana" }));
    // What goes wrong later is seen by whoever reads the socket.
    client.on("error", () => {});
    const connected = client.connect();
    catchReading(socket);
    await connected;
    signal.throwIfAborted();
    socket.removeAllListeners("data");
    const processId: unknown = Reflect.get(client, "processID");
    const secretKey: unknown = Reflect.get(client, "secretKey");
    return new PostgresConnection(socket, async () => {
      if (typeof processId === "number" && typeof secretKey === "number") {
        await cancel(login, cancelRequest(processId, secretKey));
      }
    });
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw loginError(error, login);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** What pg throws over bytes that it cannot read would be nobody's: it ends the connection. */
function catchReading(socket: Socket): void {
  const read = socket.listeners("data");
  socket.removeAllListeners("data");
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const listener of read) {
        listener.call(socket, chunk);
      }
    } catch (error) {
      socket.destroy(unreadable(error));
    }
  });
}

/** How long a server may take to note that a statement is to stop. */
const CANCEL_MS = 5_000;

/** Done when the server has closed the connection: the statement has been told to stop by then. */
async function cancel(login: Login, request: Buffer): Promise<void> {
  const signal = AbortSignal.timeout(CANCEL_MS);
  const socket = await openSocket(login, signal);
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => socket.destroy());
    socket.once("error", () => socket.destroy());
    socket.once("close", () => resolve());
    socket.resume();
    socket.write(request);
  });
}

async function openSocket({ target, tls, dial }: Login, signal: AbortSignal): Promise<Socket> {
  try {
    const socket = await dial(target.destination, signal);
    if (tls === undefined) {
      return socket;
    }
    await requestTls(socket, target, signal);
    return await startTls(socket, { ...tls, ...(target.host !== undefined && { host: target.host }) }, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, { target, tls });
  }
}

/** Asks whether the server speaks TLS. */
function requestTls(socket: Socket, { address }: Target, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => done(new Error("the server closed the connection"));
    const aborted = (): void => done(signal.reason);
    const answered = (answer: Buffer): void => {
      done(refusalOfTls(answer, address));
    };
    function done(error?: unknown): void {
      socket.off("data", answered);
      socket.off("close", closed);
      socket.off("error", done);
      signal.removeEventListener("abort", aborted);
      socket.pause();
      if (error === undefined) {
        resolve();
      } else {
        socket.destroy();
        reject(error);
      }
    }
    socket.once("data", answered);
    socket.once("close", closed);
    socket.once("error", done);
    signal.addEventListener("abort", aborted, { once: true });
    socket.write(sslRequest);
  });
}

/** Why TLS cannot begin; `undefined` where it can. */
function refusalOfTls(answer: Buffer, address: string): DownstreamError | undefined {
  switch (answer.toString("latin1", 0, 1)) {
    case "S":
      return undefined;
    case "N":
      return new DownstreamError(`${address} does not speak TLS; choose the TLS mode disable, or switch TLS on there`);
    case "E":
      return toDownstreamError(readEarlyError(answer), "");
    default:
      return noPostgres(address);
  }
}

function networkError(error: unknown, { target, tls }: Pick<Login, "target" | "tls">): Error {
  return connectionError(error, { address: target.address, clientCertificate: tls?.cert !== undefined });
}

function noPostgres(address: string, cause?: unknown): DownstreamError {
  return new DownstreamError(`${address} does not answer as a PostgreSQL server; check host, port and engine`, {
    cause,
  });
}

/** The server's own words, where it has any. */
function loginError(error: unknown, login: Login): Error {
  const text = error instanceof Error ? error.message : "";
  if (/^received (?:unexpected|invalid response)/i.test(text)) {
    return noPostgres(login.target.address, error);
  }
  if (error instanceof pg.DatabaseError) {
    const { code = "", message, detail, hint } = error;
    return toDownstreamError({ severity: "FATAL", code, message, detail, hint, position: undefined }, "");
  }
  if (login.password === "" && /^SASL:.*password/.test(text)) {
    const missing = "the server asks for a password, and there is none; enter it in the settings";
    return new DownstreamError(missing, { status: 401, cause: error });
  }
  return networkError(error, login);
}
