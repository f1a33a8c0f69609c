import type { CellWriter, Lease, ResultBuilder, ResultColumn } from "@framewright/sdk/sql";
import type { Rows } from "../engine.js";
import { typeOfColumn } from "./column-types.js";
import type { MysqlConnection } from "./mysql-connection.js";
import type { PacketReader } from "./packet-reader.js";
import { Lead, query } from "./packets.js";
import { RunningStatement } from "./running-statement.js";
import { toDownstreamError } from "./server-error.js";

/** What stands for a cell without a value. */
const NULL = 0xfb;

/** How many rows are read before a look at the clock. */
const ROWS_A_LOOK = 256;

/** The rows of a statement, from the bytes of the connection into columns: no object is made of a row or a cell. */
export class MysqlRows implements Rows {
  readonly columns: readonly ResultColumn[];
  readonly #statement: RunningStatement;
  #state: "rows" | "read" | "left";

  private constructor(statement: RunningStatement, columns: readonly ResultColumn[] | undefined) {
    this.columns = columns ?? [];
    this.#state = columns === undefined ? "read" : "rows";
    this.#statement = statement;
  }

  /** Runs a statement. The lease is given back when the rows end. @throws DownstreamError with the server's words */
  static async run(lease: Lease<MysqlConnection>, sql: string, signal: AbortSignal): Promise<MysqlRows> {
    const statement = new RunningStatement(lease, signal);
    const beginning = await statement.read((connection) => {
      connection.ask(query(sql));
      return connection.begin();
    });
    if ("error" in beginning) {
      throw await statement.fail(toDownstreamError(beginning.error));
    }
    const columns = beginning.columns?.map((column) => ({ name: column.name, type: typeOfColumn(column) }));
    return new MysqlRows(statement, columns);
  }

  async read(result: ResultBuilder, most: number): Promise<boolean> {
    try {
      await this.#readRows(result, most);
    } catch (error) {
      throw await this.#statement.fail(error);
    }
    if (this.#state === "read") {
      // Other results may follow, which are not shown, but may have failed.
      await this.#statement.finish();
    }
    return this.#state === "rows";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  async #readRows(result: ResultBuilder, most: number): Promise<void> {
    const statement = this.#statement;
    const { reader } = statement.connection;
    for (let rows = 0; this.#state === "rows" && rows < most; ) {
      if (!reader.next()) {
        await statement.more();
      } else if (reader.lead === Lead.error || reader.isEnd) {
        this.#state = "read";
        const error = statement.connection.endRows();
        if (error !== undefined) {
          throw toDownstreamError(error);
        }
      } else if (result.startRow()) {
        readRow(reader, result.cells);
        rows++;
        if (rows % ROWS_A_LOOK === 0 && statement.connection.isLong) {
          await statement.connection.letOthersIn();
        }
      } else {
        this.#state = "left";
        this.#leave();
      }
    }
  }

  /** Has the server stop what was not read. Nobody waits for that. */
  #leave(): void {
    void this.#statement.end(true);
  }
}

/** A row of texts, each with its length before it. */
function readRow({ packet, start, end }: PacketReader, cells: readonly CellWriter[]): void {
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
    if (at + length > end) {
      throw new RangeError(`a cell of ${length} bytes, which are not there`);
    }
    cell.appendText(packet, at, at + length);
    at += length;
  }
}
