import type { Socket } from "node:net";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { DownstreamError } from "@framewright/sdk";
import type { ReadBuffer } from "./read-buffer.js";

/** The connection was lost: what was asked may be asked again on another one, if it changes nothing. */
export class ConnectionLostError extends DownstreamError {}

/** How long a server may take to stop a statement before its connection is given up. */
const STOP_MS = 10_000;

/** So much is read before others are let in: a server that is quick could be read for ever, or for all that came at once. */
const TURN_BYTES = 64 * 1024;
const TURN_MS = 5;

/**
 * So long the next bytes of a long answer gather before they are read, in ms. Read as they come, each few KiB would have the server
 * wake this process, at a cost to both that is as large as that of reading them.
 */
const GATHER_MS = 1;

/** So many bytes may wait to be read, in bytes, before the server has to: it works on its next rows meanwhile. */
const AHEAD_BYTES = 1024 * 1024;

/** How long it may take before it is asked again: a request that comes before the statement has begun is lost. */
const ASK_AGAIN_MS = 250;

/**
 * A connection that is logged in. It is used by one caller at a time, who asks for bytes as they are needed: where many wait to
 * be read the socket is paused, so that the rest stays at the server.
 */
export abstract class WireConnection<Reader extends ReadBuffer> {
  readonly reader: Reader;
  readonly #socket: Socket;
  readonly #sendCancel: () => Promise<void>;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #cancelled: Promise<void> | undefined;
  #pending = 0;
  /** Read of what was asked last, and since others were let in, in bytes; and since when, on the clock of `performance.now()`. */
  #read = 0;
  #since = 0;

  /** @param sendCancel has the server stop what runs on this connection; done when the server has taken note */
  constructor(socket: Socket, reader: Reader, sendCancel: () => Promise<void>) {
    this.reader = reader;
    this.#socket = socket;
    this.#sendCancel = sendCancel;
    socket.on("data", (chunk: Buffer) => {
      reader.push(chunk);
      if (this.#read === 0) {
        this.#since = performance.now();
      }
      this.#read += chunk.length;
      if (this.#pending > 0) {
        if (reader.unread > AHEAD_BYTES) {
          socket.pause();
        }
      } else {
        // Only what concerns no statement comes unasked, such as the server's farewell.
        this.readUnasked();
      }
      this.#wake?.();
    });
    const lost = (error?: Error): void => {
      const reason = error === undefined ? "" : `: ${error.message}`;
      this.fail(
        new ConnectionLostError(`the server closed the connection${reason}; run the query again`, { cause: error }),
      );
    };
    socket.on("error", lost);
    socket.on("close", () => lost());
    socket.resume();
  }

  /** Reads until no answer is left to come. @throws ConnectionLostError */
  abstract drain(): Promise<void>;
  /** Sends a statement that does nothing. */
  protected abstract sendNothing(): void;
  /** Takes what came though nothing was asked. */
  protected abstract readUnasked(): void;
  /** What is sent before the connection is closed. */
  protected abstract readonly farewell: Buffer;

  /** Whether it can be used, as far as this side knows. */
  get isOpen(): boolean {
    return this.#failure === undefined && this.#pending === 0;
  }

  /** Whether it was lost or closed. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** How many answers are to come. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether the server was asked to stop something, and {@link settle} has not been called since. */
  get isBeingStopped(): boolean {
    return this.#cancelled !== undefined;
  }

  /** Sends what the server gives answers to. @param answers how many */
  send(answers: number, ...parts: readonly Buffer[]): void {
    if (this.#pending === 0) {
      // Others have their turn while the server works. Short answers are none that is long, however many they are.
      this.#read = 0;
    }
    this.#pending += answers;
    this.#socket.write(Buffer.concat(parts));
  }

  /** Notes that an answer was read to its end. */
  answered(): void {
    this.#pending--;
    if (this.#pending === 0 && this.#socket.isPaused()) {
      // Else nobody would see that the server ends a connection which is not in use.
      this.#socket.resume();
    }
  }

  /** Whether it was read for so long that others want their turn: {@link letOthersIn}. To be asked now and then, not for each row. */
  get isLong(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  /** Goes on in a later turn of the event loop. */
  async letOthersIn(): Promise<void> {
    await setImmediate();
    this.#read = 0;
    this.#since = performance.now();
  }

  /** Waits for more bytes, though not always long enough. @throws ConnectionLostError; the signal's reason, also where that came first */
  async more(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    if (this.#read > TURN_BYTES) {
      await this.#gather();
      signal?.throwIfAborted();
      // More may have come meanwhile, and is read first, also where the connection was lost.
      return;
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#socket.isPaused()) {
        this.#socket.resume();
      }
    });
    this.#wake = undefined;
    signal?.throwIfAborted();
  }

  /** Lets others in while bytes gather in the socket. */
  async #gather(): Promise<void> {
    this.#socket.pause();
    await delay(GATHER_MS);
    this.#socket.resume();
    await this.letOthersIn();
  }

  /** Ends the wait for more bytes, though none came: a signal has aborted. */
  wake(): void {
    this.#wake?.();
  }

  /** Has the server stop what runs. Where it does not, the connection is given up. Someone has to read on meanwhile. */
  cancel(): Promise<void> {
    this.#cancelled ??= (async () => {
      const timer = setTimeout(() => this.close(), STOP_MS).unref();
      try {
        do {
          await this.#sendCancel();
        } while (!(await this.#isQuietWithin(ASK_AGAIN_MS)));
      } catch {
        this.close();
      } finally {
        clearTimeout(timer);
      }
    })();
    return this.#cancelled;
  }

  /**
   * Ends a cancellation, if there was one: a signal that the server was late to notice would stop the next caller's
   * statement, and so meets one that does nothing.
   *
   * @returns whether there was one
   */
  async settle(): Promise<boolean> {
    if (this.#cancelled === undefined) {
      return false;
    }
    await this.#cancelled;
    this.#cancelled = undefined;
    this.sendNothing();
    await this.drain();
    return true;
  }

  /** Says goodbye. What still runs is stopped by the server, or goes on there to its end. */
  close(): void {
    if (this.isOpen) {
      this.#socket.end(this.farewell);
    } else {
      this.#socket.destroy();
    }
    this.fail(new ConnectionLostError("the connection is closed"));
    this.#socket.resume();
  }

  /** Notes that the connection can no longer be used. The first reason stays. */
  protected fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** Whether nothing more is to come, or comes to be so in time. */
  async #isQuietWithin(ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    while (this.#pending > 0 && this.#failure === undefined) {
      if (performance.now() > end) {
        return false;
      }
      await delay(5, undefined, { ref: false });
    }
    return true;
  }
}
