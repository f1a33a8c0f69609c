import type { Lease } from "@framewright/sdk/sql";
import type { MysqlConnection } from "./mysql-connection.js";
import { orAborted } from "./or-aborted.js";
import { toDownstreamError, toReadingError } from "./server-error.js";

/** A statement on a connection that is leased for it. When the signal aborts, the server stops it; its caller does not wait for that. */
export class RunningStatement {
  readonly connection: MysqlConnection;
  readonly #lease: Lease<MysqlConnection>;
  readonly #signal: AbortSignal;
  readonly #abort: () => void;
  /** The part of the answer that is being read; two cannot be at a time. */
  #reading: Promise<unknown> = Promise.resolve();
  #ended: Promise<unknown> | undefined;

  constructor(lease: Lease<MysqlConnection>, signal: AbortSignal) {
    this.connection = lease.connection;
    this.#lease = lease;
    this.#signal = signal;
    this.#abort = () => void this.connection.cancel();
    signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** Reads a part of the answer to its end. @throws the signal's reason; DownstreamError */
  async read<T>(part: (connection: MysqlConnection) => Promise<T>): Promise<T> {
    try {
      this.#signal.throwIfAborted();
      const reading = part(this.connection);
      this.#reading = reading.catch(() => {});
      return await orAborted(reading, this.#signal);
    } catch (error) {
      throw await this.fail(error);
    }
  }

  /** Waits for more bytes. */
  more(): Promise<void> {
    return orAborted(this.connection.more(), this.#signal);
  }

  /**
   * Ends it because of an error.
   * @param shown what the error becomes for whoever asked
   * @returns what to throw: where the signal had the statement stopped, its reason
   */
  async fail(error: unknown, shown = toReadingError(error)): Promise<unknown> {
    if (error instanceof RangeError) {
      // Where the next answer would begin is no longer known.
      this.connection.close();
    }
    const ended = this.end(true);
    if (this.#signal.aborted) {
      return this.#signal.reason;
    }
    await ended;
    return shown;
  }

  /** Reads what is left of the answer, and gives the connection back. @throws the signal's reason; DownstreamError */
  async finish(): Promise<void> {
    const problem = await orAborted(this.end(false), this.#signal);
    if (problem !== undefined) {
      throw this.#signal.aborted ? this.#signal.reason : problem;
    }
  }

  /**
   * Gives the connection back, once what is left of the answer was read. Never rejects.
   * @param stop whether the server is to stop what is not complete
   * @returns what went wrong in what was left
   */
  end(stop: boolean): Promise<unknown> {
    this.#ended ??= this.#giveBack(stop);
    return this.#ended;
  }

  async #giveBack(stop: boolean): Promise<unknown> {
    const { connection } = this;
    try {
      if (stop && connection.pending > 0) {
        void connection.cancel();
      }
      await this.#reading;
      const error = await connection.readToEnd();
      this.#signal.removeEventListener("abort", this.#abort);
      await connection.settle();
      this.#lease.release();
      return error && toDownstreamError(error);
    } catch (error) {
      this.#signal.removeEventListener("abort", this.#abort);
      this.#lease.release("broken");
      return toReadingError(error);
    }
  }
}
