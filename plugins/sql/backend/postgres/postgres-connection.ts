import type { Socket } from "node:net";
import { ConnectionLostError, WireConnection } from "../wire/wire-connection.js";
import type { DescribedColumn } from "./column-types.js";
import { MessageReader } from "./message-reader.js";
import * as messages from "./messages.js";
import { readServerError, type ServerError } from "./server-error.js";

const { Letter } = messages;

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

  /** @param sendCancel has the server stop what runs on this connection; done when the server has taken note */
  constructor(socket: Socket, sendCancel: () => Promise<void>) {
    super(socket, new MessageReader(), sendCancel);
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
      const { letter } = this.reader;
      if (letter === Letter.readyForQuery) {
        this.answered();
      }
      if (letter !== Letter.notice && letter !== Letter.notification && letter !== Letter.parameterStatus) {
        return letter;
      }
    }
  }

  /** Reads all that is to come. @throws ConnectionLostError */
  async untilReady(): Promise<Answer> {
    let error: ServerError | undefined;
    let columns: readonly DescribedColumn[] = [];
    let parameters = 0;
    while (this.pending > 0) {
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

  override async drain(): Promise<void> {
    await this.untilReady();
  }

  protected override sendNothing(): void {
    this.send(1, messages.query("SELECT 1"));
  }

  protected override readUnasked(): void {
    while (this.reader.next()) {
      if (this.reader.letter === Letter.error) {
        this.fail(new ConnectionLostError("the server ended the connection; run the query again"));
      }
    }
  }
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
