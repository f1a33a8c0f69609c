import type { CellWriter, Lease, ResultBuilder, ResultColumn } from "@framewright/sdk/sql";
import type { Rows } from "../engine.js";
import { typeOfColumn } from "./column-types.js";
import type { MysqlConnection } from "./mysql-connection.js";
import type { PacketReader } from "./packet-reader.js";
import { Lead, query } from "./packets.js";
import { type ServerError, toDownstreamError } from "./server-error.js";

/** What stands for a cell without a value. */
const NULL = 0xfb;

/** The rows of a statement, from the bytes of the connection into columns: no object is made of a row or a cell. */
export class MysqlRows implements Rows {
  readonly columns: readonly ResultColumn[];
  readonly #lease: Lease<MysqlConnection>;
  readonly #signal: AbortSignal;
  readonly #abort: () => void;
  #hasRows: boolean;
  #ended = false;

  private constructor(
    lease: Lease<MysqlConnection>,
    columns: readonly ResultColumn[] | undefined,
    signal: AbortSignal,
    abort: () => void,
  ) {
    this.columns = columns ?? [];
    this.#hasRows = columns !== undefined;
    this.#lease = lease;
    this.#signal = signal;
    this.#abort = abort;
  }

  /** Runs a statement. The lease is given back when the rows end. @throws DownstreamError with the server's words */
  static async run(lease: Lease<MysqlConnection>, sql: string, signal: AbortSignal): Promise<MysqlRows> {
    const { connection } = lease;
    const abort = (): void => void connection.cancel();
    signal.addEventListener("abort", abort, { once: true });
    try {
      connection.ask(query(sql));
      const beginning = await connection.begin();
      signal.throwIfAborted();
      if ("error" in beginning) {
        throw toDownstreamError(beginning.error);
      }
      const columns = beginning.columns?.map((column) => ({ name: column.name, type: typeOfColumn(column) }));
      return new MysqlRows(lease, columns, signal, abort);
    } catch (error) {
      signal.removeEventListener("abort", abort);
      await giveBack(lease, false);
      throw error;
    }
  }

  async read(result: ResultBuilder, most: number): Promise<boolean> {
    const { connection } = this.#lease;
    const { reader } = connection;
    for (let rows = 0; this.#hasRows && rows < most; ) {
      if (!reader.next()) {
        await connection.more();
      } else if (reader.lead === Lead.error || reader.isEnd) {
        const error = connection.endRows();
        this.#hasRows = false;
        if (error !== undefined) {
          await this.#end(false);
          throw this.#problem(error);
        }
      } else if (result.startRow()) {
        readRow(reader, result.cells);
        rows++;
      } else {
        await this.#end(true);
        return false;
      }
    }
    if (!this.#hasRows) {
      await this.#end(false);
    }
    return this.#hasRows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(true);
  }

  /** What the server's error becomes: where the signal had the statement stopped, its reason. */
  #problem(error: ServerError): unknown {
    return this.#signal.aborted ? this.#signal.reason : toDownstreamError(error);
  }

  async #end(stop: boolean): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      this.#signal.removeEventListener("abort", this.#abort);
      await giveBack(this.#lease, stop && this.#hasRows);
    }
  }
}

/** Reads what is left of an answer, stops it before if that is long, and gives the connection back. Never throws. */
export async function giveBack(lease: Lease<MysqlConnection>, stop: boolean): Promise<void> {
  const { connection } = lease;
  try {
    if (stop) {
      void connection.cancel();
    }
    await connection.drain();
    await connection.settle();
    lease.release();
  } catch {
    lease.release("broken");
  }
}

/** A row of texts, each with its length before it. */
function readRow({ packet, start }: PacketReader, cells: readonly CellWriter[]): void {
  let at = start;
  for (const cell of cells) {
    let length = packet[at++] ?? 0;
    if (length === NULL) {
      cell.appendNull();
      continue;
    }
    if (length === 0xfc) {
      length = packet.readUInt16LE(at);
      at += 2;
    } else if (length === 0xfd) {
      length = packet.readUIntLE(at, 3);
      at += 3;
    } else if (length === 0xfe) {
      length = Number(packet.readBigUInt64LE(at));
      at += 8;
    }
    cell.appendText(packet, at, at + length);
    at += length;
  }
}
