import type { Socket } from "node:net";
import { DownstreamError } from "@framewright/sdk";
import type { DescribedColumn } from "./column-types.js";
import { MessageReader } from "./message-reader.js";
import * as messages from "./messages.js";
import { readServerError, type ServerError } from "./server-error.js";

/** The connection was lost: what was asked may be asked again on another one, if it changes nothing. */
export class ConnectionLostError extends DownstreamError {}

/** How long a server may take to stop a statement before its connection is given up. */
const STOP_MS = 10_000;

const { Letter } = messages;

/**
 * A connection that is logged in. It is used by one caller at a time, who asks for messages as they are needed: in
 * between the socket is paused, so that what nobody reads stays at the server.
 */
export class PostgresConnection {
  readonly reader = new MessageReader();
  readonly #socket: Socket;
  readonly #sendCancel: () => Promise<void>;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #cancelled: Promise<void> | undefined;
  /** How many ReadyForQuery are to come. */
  #pending = 0;

  /** @param sendCancel has the server stop what runs on this connection; done when the server has taken note */
  constructor(socket: Socket, sendCancel: () => Promise<void>) {
    this.#socket = socket;
    this.#sendCancel = sendCancel;
    socket.on("data", (chunk: Buffer) => {
      this.reader.push(chunk);
      if (this.#pending > 0) {
        socket.pause();
      } else {
        // Only what concerns no statement comes unasked, such as the server's farewell.
        this.#skip();
      }
      this.#wake?.();
    });
    const lost = (error?: Error): void => {
      this.#failure ??= new ConnectionLostError(
        `the server closed the connection${error === undefined ? "" : `: ${error.message}`}; run the query again`,
        { cause: error },
      );
      this.#wake?.();
    };
    socket.on("error", lost);
    socket.on("close", () => lost());
    socket.resume();
  }

  /** Whether it can be used, as far as this side knows. */
  get isOpen(): boolean {
    return this.#failure === undefined && this.#pending === 0;
  }

  /** Sends messages, of which some end with ReadyForQuery. @param ready how many of them */
  send(ready: number, ...parts: readonly Buffer[]): void {
    this.#pending += ready;
    this.#socket.write(parts.length === 1 ? (parts[0] ?? "") : Buffer.concat(parts));
  }

  /**
   * Goes to the next message that has to do with a statement.
   * @returns its letter
   * @throws ConnectionLostError
   */
  async next(): Promise<number> {
    for (;;) {
      while (!this.reader.next()) {
        await this.more();
      }
      if (this.reader.letter === Letter.readyForQuery) {
        this.#pending--;
      }
      if (!isUnasked(this.reader.letter)) {
        return this.reader.letter;
      }
    }
  }

  /** Waits for more bytes. @throws ConnectionLostError */
  async more(): Promise<void> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#socket.resume();
    });
    this.#wake = undefined;
  }

  /** Notes that a ReadyForQuery was read past {@link next}. */
  tookReady(): void {
    this.#pending--;
  }

  /**
   * Reads all messages up to the last ReadyForQuery.
   * @returns the first error of the server, and the columns and parameters of the last statement that was described
   */
  async untilReady(): Promise<{
    readonly error: ServerError | undefined;
    readonly columns: readonly DescribedColumn[];
    readonly parameters: number;
  }> {
    let error: ServerError | undefined;
    let columns: readonly DescribedColumn[] = [];
    let parameters = 0;
    while (this.#pending > 0) {
      const letter = await this.next();
      const { bytes, start, end } = this.reader;
      if (letter === Letter.error) {
        error ??= readServerError(bytes, start, end);
      } else if (letter === Letter.parameterDescription) {
        columns = [];
        parameters = bytes.readUInt16BE(start);
      } else if (letter === Letter.rowDescription) {
        columns = readColumns(bytes, start);
      } else if (letter === Letter.copyInResponse) {
        // It waits for rows, and passes over what was sent meanwhile.
        this.send(0, messages.copyFail, messages.sync);
      }
    }
    return { error, columns, parameters };
  }

  /** Has the server stop what runs. Where it does not, the connection is given up. */
  cancel(): Promise<void> {
    this.#cancelled ??= (async () => {
      const timer = setTimeout(() => this.close(), STOP_MS).unref();
      try {
        await this.#sendCancel();
        await new Promise<void>((resolve) => this.#onceQuiet(resolve));
      } catch {
        this.close();
      } finally {
        clearTimeout(timer);
      }
    })();
    return this.#cancelled;
  }

  /**
   * Ends a cancellation, if there was one: a signal that the server was late to notice would stop the next caller's
   * statement, and so meets one that does nothing.
   */
  async settle(): Promise<void> {
    if (this.#cancelled === undefined) {
      return;
    }
    await this.#cancelled;
    this.#cancelled = undefined;
    this.send(1, messages.query("SELECT 1"));
    await this.untilReady();
  }

  /** Says goodbye. What still runs is stopped by the server, or goes on there to its end. */
  close(): void {
    if (this.isOpen) {
      this.#socket.end(messages.terminate);
    } else {
      this.#socket.destroy();
    }
    this.#failure ??= new ConnectionLostError("the connection is closed");
    this.#socket.resume();
    this.#wake?.();
  }

  /** Calls back when nothing more is to come. */
  #onceQuiet(done: () => void): void {
    if (this.#pending === 0 || this.#failure !== undefined) {
      done();
    } else {
      setTimeout(() => this.#onceQuiet(done), 5).unref();
    }
  }

  #skip(): void {
    while (this.reader.next()) {
      if (this.reader.letter === Letter.error) {
        this.#failure ??= new ConnectionLostError("the server ended the connection; run the query again");
      }
    }
  }
}

function isUnasked(letter: number): boolean {
  return letter === Letter.notice || letter === Letter.notification || letter === Letter.parameterStatus;
}

/** Reads a RowDescription. */
function readColumns(bytes: Buffer, start: number): DescribedColumn[] {
  const columns: DescribedColumn[] = [];
  let at = start + 2;
  for (let left = bytes.readUInt16BE(start); left > 0; left--) {
    const zero = bytes.indexOf(0, at);
    columns.push({
      name: bytes.toString("utf8", at, zero),
      oid: bytes.readUInt32BE(zero + 7),
      modifier: bytes.readInt32BE(zero + 13),
    });
    at = zero + 19;
  }
  return columns;
}
