import { DataSender } from "../../src/server/http2/data-sender.js";
import { frameType } from "../../src/server/http2/frame.js";
import { FrameWriter } from "../../src/server/http2/frame-writer.js";
import { Http2Stream } from "../../src/server/http2/http2-stream.js";
import { Output } from "../../src/server/http2/output.js";
import type { SlowSocket } from "./slow-socket.js";

/** A frame of data that was begun. */
export interface BegunData {
  readonly streamId: number;
  readonly length: number;
}

/** What ends each stream. */
export const TRAILERS = Buffer.from([0x88]);

/** An output that tells of frames of data when they are made, which is before they are with the socket. */
class WatchedOutput extends Output {
  onFrame: (frame: BegunData) => void = () => {};

  override begin(length: number, type: number, flags: number, streamId: number): void {
    if (type === frameType.DATA) {
      this.onFrame({ streamId, length });
    }
    super.begin(length, type, flags, streamId);
  }
}

/** What a connection sends with, without what it receives with. */
export class SendingSide {
  readonly output: WatchedOutput;
  readonly sender: DataSender;
  /** The frames of data in the order in which they were made. */
  readonly begun: BegunData[] = [];
  /** The streams that were ended, one by one. */
  readonly ended: number[] = [];

  /** What could not be sent. */
  readonly problems: unknown[] = [];

  constructor(socket: SlowSocket, onFrame: (frame: BegunData) => void = () => {}) {
    this.output = new WatchedOutput(socket, () => this.sender.run());
    this.output.onFrame = (frame) => {
      this.begun.push(frame);
      onFrame(frame);
    };
    const writer = new FrameWriter(this.output);
    this.sender = new DataSender(this.output, {
      onTrailers: (stream, block) => {
        this.ended.push(stream.id);
        writer.headers(stream.id, block, true);
        stream.close();
      },
      onProblem: (error) => {
        this.problems.push(error);
      },
    });
  }

  /** Begins a stream. @param window of it, in bytes */
  begin(id: number, window: number): Http2Stream {
    const owner = {
      sender: this.sender,
      sendHeaders: () => {},
      reset: (stream: Http2Stream) => stream.close(),
    };
    return new Http2Stream(owner, id, {}, window);
  }

  /** How much of a stream was put into frames, in bytes. */
  begunBytes(streamId: number): number {
    return this.begun.reduce((sum, frame) => sum + (frame.streamId === streamId ? frame.length : 0), 0);
  }
}
