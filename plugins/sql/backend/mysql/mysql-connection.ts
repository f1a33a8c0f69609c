import type { Socket } from "node:net";
import { ConnectionLostError, WireConnection } from "../wire/wire-connection.js";
import type { ColumnDefinition } from "./column-types.js";
import { readNumber, readText } from "./length-encoded.js";
import { PacketReader } from "./packet-reader.js";
import { closeStatement, emptyAnswer, Lead, query, quit } from "./packets.js";
import { readServerError, type ServerError } from "./server-error.js";

/** How an answer begins: with an error, with the columns of rows that follow, or with nothing. */
export type Beginning =
  | { readonly error: ServerError }
  | { readonly columns: readonly ColumnDefinition[] }
  | { readonly columns: undefined };

/** Says in the status of an answer that a transaction is open. */
const IN_TRANSACTION = 0x01;
/** Says in the status of an answer that another one follows: a procedure has several. */
const MORE_RESULTS = 0x08;

/** No server has results with more columns. */
const MOST_COLUMNS = 0xffff;

/** What a server's greeting tells of it. */
export interface ServerTraits {
  readonly isMariadb: boolean;
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
  #place: "none" | "beginning" | "rows" = "none";

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
    return this.finish();
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
  async begin(): Promise<Beginning> {
    await this.next();
    const { packet, start, end, lead, sequence } = this.reader;
    if (lead === Lead.error) {
      this.#end();
      return { error: readServerError(packet, start, end) };
    }
    if (lead === Lead.infile) {
      this.send(0, emptyAnswer(sequence));
      return this.begin();
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
    const columns: ColumnDefinition[] = [];
    for (let left = count; left > 0; left--) {
      await this.next();
      columns.push(readColumn(this.reader.packet, this.reader.start, this.traits.hasExtendedMetadata));
    }
    // The columns have an end of their own.
    await this.next();
    this.#place = "rows";
    return { columns };
  }

  /**
   * Has the server check a statement.
   * @returns what is wrong, or how many parameters it has
   */
  async check(command: Buffer): Promise<{ readonly error: ServerError } | { readonly parameters: number }> {
    this.ask(command);
    await this.next();
    const { packet, start, end, lead } = this.reader;
    if (lead === Lead.error) {
      this.#end();
      return { error: readServerError(packet, start, end) };
    }
    const id = packet.readUInt32LE(start + 1);
    const columns = packet.readUInt16LE(start + 5);
    const parameters = packet.readUInt16LE(start + 7);
    // Definitions of both, each with an end where there are any.
    const definitions = [parameters, columns].reduce((sum, count) => sum + (count === 0 ? 0 : count + 1), 0);
    for (let left = definitions; left > 0; left--) {
      await this.next();
    }
    this.#end();
    this.send(0, closeStatement(id));
    return { parameters };
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
    await this.finish();
  }

  /** Reads until no answer is left to come. @returns the error that is in one of them */
  async finish(): Promise<ServerError | undefined> {
    let problem: ServerError | undefined;
    while (this.#place !== "none") {
      if (this.#place === "beginning") {
        const beginning = await this.begin();
        problem ??= "error" in beginning ? beginning.error : undefined;
        continue;
      }
      await this.next();
      if (this.reader.lead === Lead.error || this.reader.isEnd) {
        problem ??= this.endRows();
      }
    }
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

/** The number of the character set of bytes. */
const BINARY = 63;
const UNSIGNED = 0x20;

function readColumn(packet: Buffer, start: number, hasExtendedMetadata: boolean): ColumnDefinition {
  let at = start;
  let name = "";
  // Catalog, schema, table, original table, name, original name.
  for (let field = 0; field < 6; field++) {
    const [length, from] = readNumber(packet, at);
    at = from + length;
    if (field === 4) {
      name = packet.toString("utf8", from, at);
    }
  }
  let extended = "";
  if (hasExtendedMetadata) {
    const [length, from] = readNumber(packet, at);
    at = from + length;
    extended = readExtended(packet, from, at);
  }
  // The length of what follows: character set, length, type, flags, decimals.
  at++;
  return {
    name,
    type: packet[at + 6] ?? 0,
    isUnsigned: (packet.readUInt16LE(at + 7) & UNSIGNED) !== 0,
    isBinary: packet.readUInt16LE(at) === BINARY,
    extended,
  };
}

/** Pairs of a kind and a text, of which one says the type's name or its format. */
function readExtended(packet: Buffer, start: number, end: number): string {
  let extended = "";
  for (let at = start; at < end; ) {
    const [value, next] = readText(packet, at + 1);
    extended = value;
    at = next;
  }
  return extended;
}
