import { DownstreamError } from "../../errors.js";

/** How a pool makes its connections, and how many it may have. Numbers are those of Grafana's SQL settings. */
export interface PoolOptions<C> {
  /** Opens a connection; the signal aborts when whoever waits for it gives up. */
  connect(signal: AbortSignal): Promise<C>;
  /** Closes a connection. What it throws is passed over. */
  close(connection: C): Promise<void> | void;
  /** Whether a connection that nobody uses can still be used, as far as this side knows. */
  isOpen(connection: C): boolean;
  /** Most connections at a time; 0 is no limit. */
  readonly maxOpen: number;
  /** Most connections that are kept while nobody uses them; 0 keeps none. */
  readonly maxIdle: number;
  /** Age in ms at which a connection is replaced; 0 is never. */
  readonly maxLifetimeMs: number;
}

/** A connection that is taken out of its pool. */
export interface Lease<C> {
  /** The connection, which is the taker's until it is given back. */
  readonly connection: C;
  /** Whether it was used before, and so may have died without a word. */
  readonly reused: boolean;
  /** How long nobody used it, in ms; 0 for a new one. */
  readonly idleMs: number;
  /** Gives it back, once. A broken one is closed. */
  release(condition?: "usable" | "broken"): void;
}

interface Pooled<C> {
  readonly connection: C;
  /** On the clock of `performance.now()`; infinite where it does not grow old, 0 once it has. */
  expiresAt: number;
  /** Since when nobody uses it, on the same clock. */
  idleSince: number;
  timer?: NodeJS.Timeout;
}

/** Who waits for a connection. */
interface Waiter<C> {
  /** Hands over a connection that was given back, or, without one, the place of one that was closed. */
  take(pooled: Pooled<C> | undefined): void;
  /** Ends the waiting. */
  refuse(error: unknown): void;
}

/**
 * A pool of database connections with the rules of Go's `database/sql`, which the settings of Grafana's SQL data sources come
 * from: the connection used last is taken first, whoever waits is served in order, and waiting ends with its signal.
 *
 * ```ts
 * const lease = await pool.acquire(signal);
 * try {
 *   await lease.connection.query("SELECT 1");
 * } finally {
 *   lease.release();
 * }
 * ```
 */
export class ConnectionPool<C> implements AsyncDisposable {
  readonly #options: PoolOptions<C>;
  readonly #idle: Pooled<C>[] = [];
  /** Whoever waits is handed what becomes free: while someone does, no connection is idle and no place is left. */
  readonly #waiting: Waiter<C>[] = [];
  #open = 0;
  #closed = false;

  /** Makes a pool without a connection. */
  constructor(options: PoolOptions<C>) {
    this.#options = options;
  }

  /** Connections that are open or being opened. */
  get open(): number {
    return this.#open;
  }

  /** Connections that nobody uses. */
  get idle(): number {
    return this.#idle.length;
  }

  /**
   * Takes a connection: one that nobody uses, else a new one, else the next that is given back.
   *
   * @param options `fresh` closes those that nobody uses and takes a new one: the server has dropped one of them
   * @throws {DownstreamError} with status 503 if all stay in use until the signal times out; what `connect` throws; the signal's
   *   reason
   */
  async acquire(signal: AbortSignal, { fresh = false }: { readonly fresh?: boolean } = {}): Promise<Lease<C>> {
    signal.throwIfAborted();
    if (this.#closed) {
      throw settingsChanged();
    }
    if (fresh) {
      void this.#closeIdle();
    }
    let pooled = this.#takeIdle();
    if (pooled === undefined && !this.#takePlace()) {
      pooled = await this.#turn(signal);
      if (signal.aborted || this.#closed) {
        // It was handed over a moment before, and is the next one's.
        this.#passOn(pooled);
        throw signal.aborted ? signal.reason : settingsChanged();
      }
    }
    if (pooled !== undefined) {
      return this.#lease(pooled, true);
    }
    const lease = this.#lease(await this.#connect(signal), false);
    if (signal.aborted) {
      lease.release();
      throw signal.reason;
    }
    return lease;
  }

  /** Closes the connections that nobody uses; the others as they are given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiting.splice(0)) {
      waiter.refuse(settingsChanged());
    }
    await this.#closeIdle();
  }

  /** Takes the place of a connection that is to be opened; false where none is left. */
  #takePlace(): boolean {
    const { maxOpen } = this.#options;
    if (maxOpen !== 0 && this.#open >= maxOpen) {
      return false;
    }
    this.#open++;
    return true;
  }

  /** Opens a connection in a place that was taken. */
  async #connect(signal: AbortSignal): Promise<Pooled<C>> {
    const { connect, maxLifetimeMs } = this.#options;
    try {
      const connection = await connect(signal);
      const expiresAt = maxLifetimeMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + maxLifetimeMs;
      const pooled: Pooled<C> = { connection, expiresAt, idleSince: 0 };
      if (maxLifetimeMs !== 0) {
        // Longer delays than a timer takes would fire at once.
        pooled.timer = setTimeout(() => this.#expire(pooled), Math.min(maxLifetimeMs, 2 ** 31 - 1)).unref();
      }
      return pooled;
    } catch (error) {
      this.#left();
      throw error;
    }
  }

  #lease(pooled: Pooled<C>, reused: boolean): Lease<C> {
    let given = false;
    return {
      connection: pooled.connection,
      reused,
      idleMs: reused ? performance.now() - pooled.idleSince : 0,
      release: (condition = "usable") => {
        if (given) {
          return;
        }
        given = true;
        pooled.idleSince = performance.now();
        if (condition === "usable") {
          this.#passOn(pooled);
        } else {
          void this.#close(pooled);
        }
      },
    };
  }

  /** Hands a connection, or the place of one, to whoever waits next; else keeps it if that is wanted. */
  #passOn(pooled: Pooled<C> | undefined): void {
    if (pooled === undefined) {
      this.#left();
    } else if (this.#closed || !this.#isUsable(pooled)) {
      void this.#close(pooled);
    } else if (this.#waiting.length > 0) {
      this.#waiting.shift()?.take(pooled);
    } else if (this.#idle.length < this.#options.maxIdle) {
      this.#idle.push(pooled);
    } else {
      void this.#close(pooled);
    }
  }

  #takeIdle(): Pooled<C> | undefined {
    for (let pooled = this.#idle.pop(); pooled !== undefined; pooled = this.#idle.pop()) {
      if (this.#isUsable(pooled)) {
        return pooled;
      }
      void this.#close(pooled);
    }
    return undefined;
  }

  #isUsable({ connection, expiresAt }: Pooled<C>): boolean {
    return performance.now() < expiresAt && this.#options.isOpen(connection);
  }

  /** Closes a connection that has grown old, or has it closed when it is given back. */
  #expire(pooled: Pooled<C>): void {
    // A timer may be a little early, and there is no other for this connection.
    pooled.expiresAt = 0;
    const place = this.#idle.indexOf(pooled);
    if (place >= 0) {
      this.#idle.splice(place, 1);
      void this.#close(pooled);
    }
  }

  /** Waits until a connection is given back or closed. @returns the connection, or `undefined` for the place of one */
  #turn(signal: AbortSignal): Promise<Pooled<C> | undefined> {
    return new Promise((resolve, reject) => {
      const settled = (): void => signal.removeEventListener("abort", abort);
      const waiter: Waiter<C> = {
        take(pooled) {
          settled();
          resolve(pooled);
        },
        refuse(error) {
          settled();
          reject(error);
        },
      };
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        const { reason } = signal;
        const timedOut = reason instanceof Error && reason.name === "TimeoutError";
        const { maxOpen } = this.#options;
        const which = maxOpen === 1 ? "the one connection" : `all ${maxOpen} connections`;
        const text = `${which} of the data source stayed in use for as long as the query may take; run fewer queries at a time, or raise Max open (maxOpenConns) in the settings`;
        reject(timedOut ? new DownstreamError(text, { status: 503, cause: reason }) : reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  async #closeIdle(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((pooled) => this.#close(pooled)));
  }

  async #close({ connection, timer }: Pooled<C>): Promise<void> {
    clearTimeout(timer);
    this.#left();
    try {
      await this.#options.close(connection);
    } catch {
      // It is gone in any case.
    }
  }

  /** A connection is gone: its place is the next one's. */
  #left(): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) {
      this.#open--;
    } else {
      waiter.take(undefined);
    }
  }
}

function settingsChanged(): DownstreamError {
  return new DownstreamError("the data source's settings have changed; run the query again", { status: 503 });
}
