import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { SqlServer } from "@framewright/services";
import mysql from "mysql2/promise";
import pg from "pg";

/**
 * How long a database takes to hand out the rows of a statement, in ms: the bytes of its answer are read off the socket and dropped,
 * which no client can be quicker than.
 */
export async function readAndDrop(engine: string, server: SqlServer, sql: string): Promise<number> {
  const { host, port, user, password, database } = server;
  const socket = connect({ host, port });
  await once(socket, "connect");
  const login = { user, password, database, stream: () => socket };
  if (engine === "postgres") {
    // pg connects the socket that it is given; one that is connected already only has to say so.
    socket.connect = () => {
      setImmediate(() => socket.emit("connect"));
      return socket;
    };
    await new pg.Client(login).connect();
    return drain(socket, postgresQuery(sql), isReady);
  }
  await mysql.createConnection(login);
  return drain(socket, mysqlQuery(sql), isPong);
}

/** From the sending of a request until its answer ends. */
async function drain(socket: Socket, request: Buffer, isEnd: (bytes: Buffer) => boolean): Promise<number> {
  socket.removeAllListeners();
  socket.on("error", () => {});
  const started = performance.now();
  socket.write(request);
  await new Promise<void>((resolve) => {
    socket.on("data", (bytes: Buffer) => {
      if (isEnd(bytes)) {
        resolve();
      }
    });
    socket.resume();
  });
  const took = performance.now() - started;
  socket.destroy();
  return took;
}

/** Parse, Bind with all columns in the binary format, Execute and Sync. */
function postgresQuery(sql: string): Buffer {
  const parts = [
    message("P", Buffer.from(`\0${sql}\0\0\0`)),
    message("B", Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0, 1])),
    message("E", Buffer.alloc(5)),
    message("S", Buffer.alloc(0)),
  ];
  return Buffer.concat(parts);
}

function message(letter: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

/** ReadyForQuery, outside of a transaction. */
function isReady(bytes: Buffer): boolean {
  return bytes.subarray(-6).equals(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]));
}

/**
 * COM_STMT_PREPARE, COM_STMT_EXECUTE of the statement that was prepared last, which MariaDB has and whose rows are binary, and
 * COM_PING, whose answer comes behind them.
 */
function mysqlQuery(sql: string): Buffer {
  const executeLast = [0x17, 0xff, 0xff, 0xff, 0xff, 0, 1, 0, 0, 0];
  return Buffer.concat([
    packet(Buffer.from(`\x16${sql}`)),
    packet(Buffer.from(executeLast)),
    packet(Buffer.from([0x0e])),
  ]);
}

function packet(content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(content.length, 0, 3);
  return Buffer.concat([head, content]);
}

/** The first packet of an answer, of 7 bytes that begin with 0. */
function isPong(bytes: Buffer): boolean {
  return bytes.subarray(-11, -6).equals(Buffer.from([7, 0, 0, 1, 0]));
}
