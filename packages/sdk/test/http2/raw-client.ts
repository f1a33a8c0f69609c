import { once } from "node:events";
import type { Socket } from "node:net";
import { expect } from "vitest";
import { framesIn, NO_SETTINGS, PREFACE, type RawFrame } from "./raw-frames.js";

/** `POST http /`, as headers that have numbers from the beginning. */
export const REQUEST = Buffer.of(0x83, 0x86, 0x84);

/** A client that sends what it is told to, and notes what comes. */
export class RawClient {
  readonly socket: Socket;
  readonly #received: Buffer[] = [];
  /** Whether the server has ended its side. */
  hasEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    this.socket.on("data", (piece: Buffer) => this.#received.push(piece));
    this.socket.on("end", () => {
      this.hasEnded = true;
    });
    this.send(PREFACE, NO_SETTINGS);
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** What came that fits. */
  came(fits: Partial<Pick<RawFrame, "type" | "streamId" | "flags">>): RawFrame[] {
    const wanted = Object.entries(fits);
    const all = framesIn(Buffer.concat(this.#received), true).map((one) => ({
      entries: new Map(Object.entries(one)),
      one,
    }));
    return all
      .filter(({ entries }) => wanted.every(([name, value]) => entries.get(name) === value))
      .map(({ one }) => one);
  }

  /** Waits until so many came that fit. */
  async until(fits: Partial<Pick<RawFrame, "type" | "streamId" | "flags">>, count = 1): Promise<RawFrame[]> {
    await expect.poll(() => this.came(fits).length, { timeout: 10_000, interval: 5 }).toBeGreaterThanOrEqual(count);
    return this.came(fits);
  }

  /** Waits for the code with which the server ends the connection. */
  async goneWith(): Promise<number | undefined> {
    if (!this.socket.closed) {
      await once(this.socket, "close");
    }
    return this.came({ type: 7 }).at(-1)?.payload.readUInt32BE(4);
  }
}
