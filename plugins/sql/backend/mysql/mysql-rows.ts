import type { CellWriter, Lease, ResultBuilder, ResultColumn } from "@framewright/sdk/sql";
import type { Rows } from "../engine.js";
import { type Answer, type Asked, beginAsText, beginStatement } from "./begin-statement.js";
import type { ReadBinary } from "./binary-cells.js";
import { typeOfColumn } from "./column-types.js";
import type { MysqlConnection } from "./mysql-connection.js";
import type { PacketReader } from "./packet-reader.js";
import { Lead } from "./packets.js";
import { RunningStatement } from "./running-statement.js";
import { toBinaryError, toDownstreamError } from "./server-error.js";
import type { Ways } from "./ways.js";

/** Reads the cells of the packet that was found last. */
type ReadRow = (reader: PacketReader, cells: readonly CellWriter[]) => void;

/** Is told what the rows are like. */
interface Learner {
  /** @param rows how many there were, up to the limit */
  learn(rows: number): void;
  /** They are not as binary rows are. */
  cannotReadBinary(): void;
}

/** What stands for a cell without a value. */
const NULL = 0xfb;

/** How many rows are read before a look at the clock. */
const ROWS_A_LOOK = 256;

/** The rows of a statement, from the bytes of the connection into columns: no object is made of a row or a cell. */
export class MysqlRows implements Rows {
  readonly columns: readonly ResultColumn[];
  readonly #statement: RunningStatement;
  readonly #readRow: ReadRow;
  readonly #isBinary: boolean;
  readonly #learner: Learner;
  #rows = 0;
  #state: "rows" | "read" | "left";

  private constructor(statement: RunningStatement, { columns, readers }: Answer, learner: Learner) {
    this.columns = columns?.map((column) => ({ name: column.name, type: typeOfColumn(column) })) ?? [];
    this.#state = columns === undefined ? "read" : "rows";
    this.#isBinary = readers !== undefined;
    this.#readRow = readers === undefined ? readTextRow : binaryRow(readers);
    this.#statement = statement;
    this.#learner = learner;
  }

  /**
   * Runs a statement. The lease is given back when the rows end.
   *
   * @param acquire takes a connection: a second one where the first had to be given up
   * @throws DownstreamError with the server's words
   */
  static async run(
    acquire: () => Promise<Lease<MysqlConnection>>,
    asked: Asked,
    ways: Ways,
    signal: AbortSignal,
  ): Promise<MysqlRows> {
    let statement = new RunningStatement(await acquire(), signal);
    let beginning = await statement.read((connection) => beginStatement(connection, asked, ways, signal));
    if (beginning === undefined) {
      await statement.end(false);
      statement = new RunningStatement(await acquire(), signal);
      beginning = await statement.read((connection) => beginAsText(connection, asked.sql));
    }
    if ("error" in beginning) {
      throw await statement.fail(toDownstreamError(beginning.error));
    }
    const { columns = [] } = beginning;
    return new MysqlRows(statement, beginning, {
      learn: (rows) => ways.learn(asked.template, columns, rows),
      cannotReadBinary: () => ways.cannotReadBinary(),
    });
  }

  async read(result: ResultBuilder, most: number): Promise<boolean> {
    try {
      await this.#readRows(result, most);
    } catch (error) {
      if (this.#isBinary && error instanceof RangeError) {
        this.#learner.cannotReadBinary();
        throw await this.#statement.fail(error, toBinaryError(error));
      }
      throw await this.#statement.fail(error);
    }
    if (this.#state === "read") {
      // Other results may follow, which are not shown, but may have failed.
      await this.#statement.finish();
      this.#learner.learn(this.#rows);
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
        this.#readRow(reader, result.cells);
        rows++;
        this.#rows++;
        if (rows % ROWS_A_LOOK === 0 && statement.connection.isLong) {
          await statement.connection.letOthersIn();
        }
      } else {
        this.#state = "left";
        this.#learner.learn(this.#rows);
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
function readTextRow({ packet, start, end }: PacketReader, cells: readonly CellWriter[]): void {
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

/** A row of cells that are each read by the reader of its column. */
function binaryRow(readers: readonly ReadBinary[]): ReadRow {
  // A bit of each column says whether its cell has no value; before them are the row's lead, which is 0, and two bits that mean nothing.
  const first = 1 + ((readers.length + 9) >> 3);
  return ({ packet, start, end, lead }, cells) => {
    if (lead !== 0) {
      throw new RangeError(`a row that begins with ${lead}`);
    }
    let at = start + first;
    for (let column = 0; column < readers.length; column++) {
      const cell = cells[column];
      const read = readers[column];
      if (cell === undefined || read === undefined) {
        break;
      }
      const bit = column + 2;
      if (((packet[start + 1 + (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0) {
        cell.appendNull();
      } else {
        at = read(cell, packet, at, end);
      }
    }
    if (at !== end) {
      throw new RangeError(`a row of ${end - start} bytes, of which ${at - start} are its columns'`);
    }
  };
}
