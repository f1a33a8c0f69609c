import type { Socket } from "node:net";
import { ConnectionLostError, WireConnection } from "../wire/wire-connection.js";
import type { DescribedColumn } from "./column-types.js";
import { MessageReader } from "./message-reader.js";
import * as messages from "./messages.js";
import { readColumns } from "./read-columns.js";
import { endsConnection, NO_STATEMENT, readServerError, type ServerError, unreadable } from "./server-error.js";
import { SessionStatements } from "./session-statements.js";

const { Letter } = messages;

/** Outside of a transaction, as a ReadyForQuery says it. */
const IDLE = 0x49; // I

/** What an answer said beside its rows. */
export interface Answer {
  /** The first error of the server. */
  readonly error: ServerError | undefined;
  /** The columns of the statement that was described last. */
  readonly columns: readonly DescribedColumn[];
  /** How many parameters it has. */
  readonly parameters: number;
}

/** A connection to PostgreSQL. Each answer ends with a ReadyForQuery. */
export class PostgresConnection extends WireConnection<MessageReader> {
  protected readonly farewell = messages.terminate;
  readonly statements = new SessionStatements();
  #isInTransaction = false;

  /** @param sendCancel has the server stop what runs on this connection; done when the server has taken note */
  constructor(socket: Socket, sendCancel: () => Promise<void>) {
    super(socket, new MessageReader(), sendCancel);
  }

  /** Whether the last answer left a transaction open, be it one that has failed. */
  get isInTransaction(): boolean {
    return this.#isInTransaction;
  }

  /** Notes that the reader is at a ReadyForQuery. */
  override answered(): void {
    this.#isInTransaction = this.reader.bytes[this.reader.start] !== IDLE;
    super.answered();
  }

  /**
   * Goes to the next message that has to do with a statement.
   * @param signal ends the wait for it
   * @returns its letter
   * @throws ConnectionLostError; the signal's reason
   */
  async next(signal?: AbortSignal): Promise<number> {
    for (;;) {
      const letter = this.nextNow();
      if (letter !== undefined) {
        return letter;
      }
      await this.more(signal);
    }
  }

  /** Goes to the next message that has to do with a statement, where it has come already. @returns its letter */
  nextNow(): number | undefined {
    while (this.reader.next()) {
      const { letter } = this.reader;
      if (letter === Letter.readyForQuery) {
        this.answered();
      }
      if (letter !== Letter.notice && letter !== Letter.notification && letter !== Letter.parameterStatus) {
        return letter;
      }
    }
    return undefined;
  }

  /** Reads the error that the reader is at. After some, nothing more comes. */
  readError(): ServerError {
    const { bytes, start, end } = this.reader;
    const error = readServerError(bytes, start, end);
    if (error.code === NO_STATEMENT) {
      // Be it one that was to come behind a query, whose answer nobody waits for.
      this.statements.lost();
    }
    if (endsConnection(error)) {
      this.fail(new ConnectionLostError(`the server ended the connection: ${error.message}; run the query again`));
    }
    return error;
  }

  /** What an error becomes that was thrown while bytes were read: where they made no sense, nothing more can be read. */
  readingError(error: unknown): unknown {
    const told = error instanceof RangeError && "code" in error ? unreadable(error) : error;
    if (told instanceof ConnectionLostError) {
      this.fail(told);
    }
    return told;
  }

  /** Reads all that is to come. @param signal ends that early @throws ConnectionLostError; the signal's reason */
  async untilReady(signal?: AbortSignal): Promise<Answer> {
    let error: ServerError | undefined;
    let columns: readonly DescribedColumn[] = [];
    let parameters = 0;
    while (this.pending > 0) {
      const letter = this.nextNow() ?? (await this.next(signal));
      const { bytes, start, end } = this.reader;
      if (letter === Letter.error) {
        const said = this.readError();
        error ??= said;
      } else if (letter === Letter.parameterDescription) {
        columns = [];
        parameters = bytes.readUInt16BE(start);
      } else if (letter === Letter.rowDescription) {
        columns = readColumns(bytes, start, end);
      } else if (letter === Letter.copyInResponse) {
        this.#refuseCopy();
      }
    }
    return { error, columns, parameters };
  }

  override async drain(): Promise<void> {
    await this.untilReady();
  }

  /** Reads what has come. @returns whether no more is to come */
  drainNow(): boolean {
    while (this.pending > 0) {
      const letter = this.nextNow();
      if (letter === undefined) {
        return false;
      }
      if (letter === Letter.error) {
        this.readError();
      } else if (letter === Letter.copyInResponse) {
        this.#refuseCopy();
      }
    }
    return true;
  }

  /** The server waits for rows, and passes over what was sent meanwhile. */
  #refuseCopy(): void {
    this.send(0, messages.copyFail, messages.sync);
  }

  protected override sendNothing(): void {
    this.send(1, messages.query("SELECT 1"));
  }

  protected override readUnasked(): void {
    try {
      while (this.reader.next()) {
        if (this.reader.letter === Letter.error) {
          this.fail(new ConnectionLostError("the server ended the connection; run the query again"));
        }
      }
    } catch {
      this.fail(unreadable());
    }
  }
}
