import type { ErrorCode } from "./error-code.js";
import { frameFlag, frameType } from "./frame.js";
import type { Output } from "./output.js";
import { DEFAULT_FRAME_BYTES, DEFAULT_HEADER_TABLE_BYTES, serverSettings } from "./settings.js";

const EMPTY = Buffer.alloc(0);

/** Says in a block that the table has no room. Source: https://www.rfc-editor.org/rfc/rfc7541#section-6.3 */
const NO_TABLE = Buffer.from([0x20]);

/** Writes the frames that no window holds back. */
export class FrameWriter {
  readonly #output: Output;
  /** The longest payload that the client takes, in bytes. */
  maxFrameBytes = DEFAULT_FRAME_BYTES;
  #tableState: "as agreed" | "to be told" | "told" = "as agreed";

  constructor(output: Output) {
    this.#output = output;
  }

  /** Says what the server is like. */
  settings(): void {
    this.#write(frameType.SETTINGS, 0, 0, serverSettings());
  }

  /** Says that the client's settings apply. */
  settingsTaken(): void {
    this.#write(frameType.SETTINGS, frameFlag.ACK, 0, EMPTY);
  }

  /** Answers a ping. */
  pong(payload: Uint8Array): void {
    this.#write(frameType.PING, frameFlag.ACK, 0, payload);
  }

  /** The client's table of headers may be no larger. None is put into it, but a client waits to be told so where that is less than before. */
  limitHeaderTable(bytes: number): void {
    if (bytes < DEFAULT_HEADER_TABLE_BYTES && this.#tableState === "as agreed") {
      this.#tableState = "to be told";
    }
  }

  /** Sends a block of headers, in as many frames as it needs. */
  headers(streamId: number, headers: Uint8Array, isEnd: boolean): void {
    let block = headers;
    if (this.#tableState === "to be told") {
      this.#tableState = "told";
      block = Buffer.concat([NO_TABLE, headers]);
    }
    const most = this.maxFrameBytes;
    for (let at = 0; at === 0 || at < block.length; at += most) {
      const type = at === 0 ? frameType.HEADERS : frameType.CONTINUATION;
      const flags =
        (isEnd && at === 0 ? frameFlag.END_STREAM : 0) | (at + most >= block.length ? frameFlag.END_HEADERS : 0);
      this.#write(type, flags, streamId, block.length <= most ? block : block.subarray(at, at + most));
    }
  }

  /** Says that so many bytes more may come, of a stream or, for 0, of all. */
  windowUpdate(streamId: number, bytes: number): void {
    this.#write(frameType.WINDOW_UPDATE, 0, streamId, number32(bytes));
  }

  /** Ends a stream before its time. */
  reset(streamId: number, code: ErrorCode): void {
    this.#write(frameType.RST_STREAM, 0, streamId, number32(code));
  }

  /** Says that no more streams are taken. @param lastId the last one that was */
  goAway(lastId: number, code: ErrorCode, why: string): void {
    this.#write(frameType.GOAWAY, 0, 0, Buffer.concat([number32(lastId), number32(code), Buffer.from(why)]));
  }

  #write(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    this.#output.begin(payload.length, type, flags, streamId);
    this.#output.add(payload);
    this.#output.sendSoon();
  }
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
