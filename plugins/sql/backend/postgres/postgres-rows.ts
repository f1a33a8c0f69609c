import { DownstreamError } from "@framewright/sdk";
import type { CellWriter, ResultBuilder, ResultColumn } from "@framewright/sdk/sql";
import type { Rows } from "../engine.js";
import { type PostgresType, typeOfColumn } from "./column-types.js";
import type { MessageReader } from "./message-reader.js";
import * as messages from "./messages.js";
import { RowBatch } from "./row-batch.js";
import type { Statement } from "./statement.js";

const { Letter } = messages;

/** How many rows are read before a look at the clock. */
const ROWS_A_LOOK = 256;

/** The rows of a statement, from the bytes of the connection into columns: no object is made of a row or a cell. */
export class PostgresRows implements Rows {
  readonly columns: readonly ResultColumn[];
  readonly #statement: Statement;
  readonly #types: readonly PostgresType[];
  readonly #batch: RowBatch;
  #ended = false;

  private constructor(statement: Statement, types: readonly PostgresType[]) {
    this.#statement = statement;
    this.#types = types;
    this.#batch = new RowBatch(types.length);
    this.columns = statement.columns.map(({ name }, index) => ({ name, type: types[index]?.type ?? fail() }));
  }

  /** The rows of a statement that runs. @param binary whether the binary format was asked for where it can be read */
  static of(statement: Statement, binary: boolean): PostgresRows {
    const types = statement.columns.map((column) => {
      const { type, readBinary } = typeOfColumn(column);
      return binary && readBinary !== undefined ? { type, readBinary } : { type };
    });
    return new PostgresRows(statement, types);
  }

  async read(result: ResultBuilder, most: number): Promise<boolean> {
    try {
      return await this.#read(result, most);
    } catch (error) {
      throw this.#statement.connection.readingError(error);
    }
  }

  async #read(result: ResultBuilder, most: number): Promise<boolean> {
    const { connection } = this.#statement;
    const { reader } = connection;
    let unlooked = 0;
    for (let rows = 0; rows < most; ) {
      if (!reader.next()) {
        await this.#statement.more();
      } else if (reader.letter === Letter.dataRow) {
        const found = this.#batch.find(reader, most - rows);
        const taken = result.startRows(found);
        this.#readBatch(this.#batch, result.cells, taken);
        if (taken < found) {
          await this.#end(true);
          return false;
        }
        rows += taken;
        unlooked += taken;
        if (unlooked >= ROWS_A_LOOK) {
          unlooked = 0;
          if (connection.isLong) {
            await connection.letOthersIn();
          }
        }
      } else if (reader.letter === Letter.readyForQuery) {
        connection.answered();
        await this.#end(false);
        return false;
      } else if (reader.letter === Letter.commandComplete && this.#statement.isBatch) {
        // What comes behind it is the answer to others of the batch.
        await this.#end(false);
        return false;
      } else {
        await this.#other(reader);
      }
    }
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(true);
  }

  #readBatch({ bytes, view, places }: RowBatch, columns: readonly CellWriter[], count: number): void {
    for (const [index, column] of columns.entries()) {
      const cells = places[index] ?? fail();
      const readBinary = this.#types[index]?.readBinary;
      if (readBinary === undefined) {
        column.appendTexts(bytes, cells.starts, cells.lengths, 0, count);
      } else {
        readBinary(column, view, cells, count);
      }
    }
  }

  async #other({ letter }: MessageReader): Promise<void> {
    if (letter === Letter.error) {
      const problem = this.#statement.problem(this.#statement.connection.readError());
      await this.#end(false);
      throw problem;
    }
    if (letter === Letter.copyOutResponse || letter === Letter.copyInResponse) {
      await this.#end(true);
      throw new DownstreamError("COPY gives no rows here; write the query alone", { status: 400 });
    }
  }

  async #end(stop: boolean): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      await this.#statement.end(stop);
    }
  }
}

function fail(): never {
  throw new TypeError("a column has no type");
}
