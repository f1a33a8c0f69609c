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
  /** On the clock of `performance.now()`; infinite where it does not grow old. */
  readonly expiresAt: number;
  /** Since when nobody uses it, on the same clock. */
  idleSince: number;
  timer?: NodeJS.Timeout;
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
  readonly #waiting: (() => void)[] = [];
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
    if (fresh) {
      this.#closeIdle();
    }
    for (;;) {
      signal.throwIfAborted();
      if (this.#closed) {
        throw new DownstreamError("the data source's settings have changed; run the query again", { status: 503 });
      }
      const pooled = this.#takeIdle();
      if (pooled !== undefined) {
        return this.#lease(pooled, true);
      }
      const { maxOpen } = this.#options;
      if (maxOpen === 0 || this.#open < maxOpen) {
        return this.#lease(await this.#connect(signal), false);
      }
      await this.#turn(signal);
    }
  }

  /** Closes the connections that nobody uses; the others as they are given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) {
      wake();
    }
    await this.#closeIdle();
  }

  async #connect(signal: AbortSignal): Promise<Pooled<C>> {
    const { connect, maxLifetimeMs } = this.#options;
    this.#open++;
    try {
      const connection = await connect(signal);
      const expiresAt = maxLifetimeMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + maxLifetimeMs;
      return { connection, expiresAt, idleSince: 0 };
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
        if (condition === "usable" && !this.#closed && this.#isUsable(pooled) && this.#keeps()) {
          pooled.idleSince = performance.now();
          this.#idle.push(pooled);
          this.#expireLater(pooled);
          this.#waiting.shift()?.();
        } else {
          void this.#close(pooled);
        }
      },
    };
  }

  /** Whether there is room for one more that nobody uses; where someone waits, it will not stay. */
  #keeps(): boolean {
    return this.#idle.length < this.#options.maxIdle || this.#waiting.length > 0;
  }

  #takeIdle(): Pooled<C> | undefined {
    for (let pooled = this.#idle.pop(); pooled !== undefined; pooled = this.#idle.pop()) {
      clearTimeout(pooled.timer);
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

  #expireLater(pooled: Pooled<C>): void {
    if (pooled.expiresAt === Number.POSITIVE_INFINITY) {
      return;
    }
    const expire = (): void => {
      const place = this.#idle.indexOf(pooled);
      if (place >= 0) {
        this.#idle.splice(place, 1);
        void this.#close(pooled);
      }
    };
    // Longer delays than a timer takes would fire at once.
    pooled.timer = setTimeout(expire, Math.min(pooled.expiresAt - performance.now(), 2 ** 31 - 1)).unref();
  }

  /** Waits until a connection is given back or closed. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const abort = (): void => {
        const place = this.#waiting.indexOf(wake);
        if (place >= 0) {
          this.#waiting.splice(place, 1);
        }
        const { reason } = signal;
        const timedOut = reason instanceof Error && reason.name === "TimeoutError";
        const text = `all ${this.#options.maxOpen} connections of the data source stayed in use for as long as the query may take; run fewer queries at a time, or raise Max open in the settings`;
        reject(timedOut ? new DownstreamError(text, { status: 503, cause: reason }) : reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(wake);
    });
  }

  async #closeIdle(): Promise<void> {
    await Promise.all(
      this.#idle.splice(0).map((pooled) => {
        clearTimeout(pooled.timer);
        return this.#close(pooled);
      }),
    );
  }

  async #close({ connection }: Pooled<C>): Promise<void> {
    this.#left();
    try {
      await this.#options.close(connection);
    } catch {
      // It is gone in any case.
    }
  }

  #left(): void {
    this.#open--;
    this.#waiting.shift()?.();
  }
}
