import type { Socket } from "node:net";
import { ConnectionLostError, WireConnection } from "../wire/wire-connection.js";
import { type ColumnDefinition, readColumn } from "./column-definition.js";
import { readNumber } from "./length-encoded.js";
import { PacketReader } from "./packet-reader.js";
import { closeStatement, emptyAnswer, execute, executeLast, Lead, prepare, query, quit } from "./packets.js";
import { readServerError, type ServerError } from "./server-error.js";

/** How an answer begins: with an error, with the columns of rows that follow, or with nothing. */
export type Beginning =
  | { readonly error: ServerError }
  | { readonly columns: readonly ColumnDefinition[] }
  | { readonly columns: undefined };

/** How the answer to the preparing of a statement is: an error, or what the statement has. */
export type Preparation =
  | { readonly error: ServerError }
  | { readonly parameters: number; readonly columns: readonly ColumnDefinition[] };

/** Says in the status of an answer that a transaction is open. */
const IN_TRANSACTION = 0x01;
/** Says in the status of an answer that another one follows: a procedure has several. */
const MORE_RESULTS = 0x08;

/** No server has results with more columns. */
const MOST_COLUMNS = 0xffff;

/** What a server's greeting tells of it. */
export interface ServerTraits {
  readonly isMariadb: boolean;
  /** Whether a statement can be run by what means the one that was prepared last. */
  readonly runsLast: boolean;
  /** Whether it says more of a column than MySQL does. */
  readonly hasExtendedMetadata: boolean;
}

/** A connection to MySQL or MariaDB. One statement at a time has one answer. */
export class MysqlConnection extends WireConnection<PacketReader> {
  protected readonly farewell = quit;
  readonly traits: ServerTraits;
  #inTransaction = false;
  #tidied: Promise<void> | undefined;
  /** Where in an answer the reader is. */
  #place: "none" | "preparation" | "beginning" | "rows" = "none";
  /** Whether what is being prepared was sent off to be run, too. */
  #runs = false;
  /** The number of a statement that the server has prepared, until it is told to forget it. */
  #prepared: number | undefined;

  /** @param sendCancel has the server stop what runs on this connection; done when the server has taken note */
  constructor(socket: Socket, traits: ServerTraits, sendCancel: () => Promise<void>) {
    super(socket, new PacketReader(), sendCancel);
    this.traits = traits;
  }

  /** Whether the statement before left a transaction open. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Settles when the session is tidy; `undefined` where it is. */
  get tidied(): Promise<void> | undefined {
    return this.#tidied;
  }

  /** Whether it can be used, or will be when it is tidy. */
  get isUsable(): boolean {
    return this.isOpen || (this.#tidied !== undefined && !this.hasFailed);
  }

  /** Does what makes the session usable for others, while nobody waits for it. Where that fails, the connection is closed. */
  tidy(work: () => Promise<void>): void {
    this.#tidied = work()
      .catch(() => this.close())
      .finally(() => {
        this.#tidied = undefined;
      });
  }

  /** Does something that is given up, together with the connection, when the signal aborts or it fails. */
  async within<T>(limit: AbortSignal, work: () => Promise<T>): Promise<T> {
    const giveUp = (): void => this.close();
    limit.addEventListener("abort", giveUp, { once: true });
    try {
      limit.throwIfAborted();
      return await work();
    } catch (error) {
      this.close();
      limit.throwIfAborted();
      throw error;
    } finally {
      limit.removeEventListener("abort", giveUp);
    }
  }

  /** Sends a command whose answer has no rows, or none that matter. @returns what the server has against it */
  async run(command: Buffer): Promise<ServerError | undefined> {
    this.ask(command);
    return this.readToEnd();
  }

  /** Sends a command that has an answer. */
  ask(command: Buffer): void {
    this.#place = "beginning";
    this.send(1, command);
  }

  /** Goes to the next packet. @throws ConnectionLostError */
  async next(): Promise<void> {
    while (!this.reader.next()) {
      await this.more();
    }
  }

  /** Reads how the answer to a statement begins. @throws ConnectionLostError */
  async readBeginning(): Promise<Beginning> {
    await this.next();
    const { packet, start, end, lead, sequence } = this.reader;
    if (lead === Lead.error) {
      this.#end();
      return { error: readServerError(packet, start, end) };
    }
    if (lead === Lead.infile) {
      this.send(0, emptyAnswer(sequence));
      return this.readBeginning();
    }
    if (lead === Lead.ok) {
      // The numbers of rows, of an id, and the status.
      const [, afterRows] = readNumber(packet, start + 1);
      const [, afterId] = readNumber(packet, afterRows);
      this.#goOn(packet.readUInt16LE(afterId));
      return { columns: undefined };
    }
    const [count] = readNumber(packet, start);
    if (count > MOST_COLUMNS) {
      throw new RangeError(`a result of ${count} columns`);
    }
    const columns = await this.#readColumns(count);
    this.#place = "rows";
    return { columns };
  }

  /**
   * Has the server prepare a statement.
   * @param run whether it is run at once, which MariaDB can; else {@link execute} does it
   */
  prepare(sql: string, run: boolean): void {
    this.#place = "preparation";
    this.#runs = run;
    if (run) {
      this.send(2, prepare(sql), executeLast);
    } else {
      this.send(1, prepare(sql));
    }
  }

  /** Reads what the server says of the statement that it was to prepare. @throws ConnectionLostError */
  async readPreparation(): Promise<Preparation> {
    await this.next();
    const { packet, start, end, lead } = this.reader;
    if (lead === Lead.error) {
      this.#endPreparation();
      return { error: readServerError(packet, start, end) };
    }
    if (lead !== Lead.ok) {
      throw new RangeError(`a prepared statement that begins with ${lead}`);
    }
    const id = packet.readUInt32LE(start + 1);
    const count = packet.readUInt16LE(start + 5);
    const parameters = packet.readUInt16LE(start + 7);
    await this.#readColumns(parameters);
    const columns = await this.#readColumns(count);
    this.#prepared = id;
    this.#endPreparation();
    return { parameters, columns };
  }

  /** Runs the statement that was prepared; its rows are binary. The server forgets it then. */
  execute(): void {
    const id = this.#prepared ?? 0;
    this.#prepared = undefined;
    this.#place = "beginning";
    this.send(1, execute(id), closeStatement(id));
  }

  /**
   * Takes the packet that is no row.
   * @returns the server's error, if it is one
   */
  endRows(): ServerError | undefined {
    const { packet, start, end, lead } = this.reader;
    if (lead === Lead.error) {
      this.#end();
      return readServerError(packet, start, end);
    }
    // An end has the number of warnings and the status.
    this.#goOn(packet.readUInt16LE(start + 3));
    return undefined;
  }

  override async drain(): Promise<void> {
    await this.readToEnd();
  }

  /** Reads until no answer is left to come, and leaves nothing prepared. @returns the error that is in one of the answers */
  async readToEnd(): Promise<ServerError | undefined> {
    let problem: ServerError | undefined;
    while (this.#place !== "none") {
      if (this.#place !== "rows") {
        const answer = await (this.#place === "beginning" ? this.readBeginning() : this.readPreparation());
        problem ??= "error" in answer ? answer.error : undefined;
        continue;
      }
      await this.next();
      if (this.reader.lead === Lead.error || this.reader.isEnd) {
        problem ??= this.endRows();
      }
    }
    this.#forget();
    return problem;
  }

  protected override sendNothing(): void {
    this.ask(query("DO 0"));
  }

  protected override readUnasked(): void {
    while (this.reader.next()) {
      this.fail(new ConnectionLostError("the server ended the connection; run the query again"));
    }
  }

  /** Reads the definitions of columns or parameters, which have an end of their own where there are any. */
  async #readColumns(count: number): Promise<ColumnDefinition[]> {
    const columns: ColumnDefinition[] = [];
    for (let left = count; left > 0; left--) {
      await this.next();
      columns.push(readColumn(this.reader.packet, this.reader.start, this.traits.hasExtendedMetadata));
    }
    if (count > 0) {
      await this.next();
    }
    return columns;
  }

  #endPreparation(): void {
    this.#end();
    if (this.#runs) {
      this.#place = "beginning";
      // The server takes note of it behind the statement's rows.
      this.#forget();
    }
  }

  /** Has the server forget what it has prepared, to which it has no answer. */
  #forget(): void {
    if (this.#prepared !== undefined) {
      this.send(0, closeStatement(this.#prepared));
      this.#prepared = undefined;
    }
  }

  #goOn(status: number): void {
    this.#inTransaction = (status & IN_TRANSACTION) !== 0;
    if ((status & MORE_RESULTS) === 0) {
      this.#end();
    } else {
      this.#place = "beginning";
    }
  }

  #end(): void {
    this.#place = "none";
    this.answered();
  }
}
