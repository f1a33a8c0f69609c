import { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";

/** A socket whose other end takes what was written when it is told to, or at once. */
export class SlowSocket extends Socket {
  /** What was taken, write by write. */
  readonly taken: Buffer[] = [];
  readonly #isGreedy: boolean;
  #waiting: readonly Buffer[] = [];
  #done: ((error?: Error | null) => void) | undefined;

  constructor(isGreedy = false) {
    super();
    this.#isGreedy = isGreedy;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#wait([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#wait(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  /** Takes what waits. Whether there was something. Until then, who wrote it must not change it. */
  takeOne(): boolean {
    const done = this.#done;
    this.#done = undefined;
    this.taken.push(...this.#waiting.map((chunk) => Buffer.from(chunk)));
    this.#waiting = [];
    done?.();
    return done !== undefined;
  }

  async takeAll(): Promise<void> {
    for (let idle = 0; idle < 5; idle = this.takeOne() ? 0 : idle + 1) {
      await setImmediate();
    }
  }

  #wait(chunks: readonly Buffer[], done: (error?: Error | null) => void): void {
    this.#waiting = chunks;
    this.#done = done;
    if (this.#isGreedy) {
      this.takeOne();
    }
  }
}
