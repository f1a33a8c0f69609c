import { ConnectionError, errorCode, StreamError } from "./error-code.js";
import { type Frame, frameFlag } from "./frame.js";
import { checkOfStream } from "./frame-checks.js";

/** A stream and a weight. Source: https://www.rfc-editor.org/rfc/rfc7540#section-6.3; HTTP/2 has given them up since */
const PRIORITY_BYTES = 5;

/** Whether a stream is to depend on itself, which is told once its headers are read. */
export interface Priority {
  /** Where what follows begins. */
  readonly next: number;
  readonly dependsOnItself: boolean;
}

/** Reads the priority that headers may begin with. @throws ConnectionError */
export function readPriority({ flags, bytes, streamId }: Frame, start: number, end: number): Priority {
  if ((flags & frameFlag.PRIORITY) === 0) {
    return { next: start, dependsOnItself: false };
  }
  if (start + PRIORITY_BYTES > end) {
    throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, "headers that are too short");
  }
  return { next: start + PRIORITY_BYTES, dependsOnItself: dependency(bytes, start) === streamId };
}

/** Looks at a frame that is a priority; none has an effect. @throws ConnectionError, StreamError */
export function checkPriority(frame: Frame): void {
  checkOfStream(frame);
  const { bytes, start, end, streamId } = frame;
  if (end - start !== PRIORITY_BYTES) {
    throw new StreamError(errorCode.FRAME_SIZE_ERROR, "a priority of another length");
  }
  if (dependency(bytes, start) === streamId) {
    throw circularDependency();
  }
}

/** What is wrong with a stream that depends on itself. */
export function circularDependency(): StreamError {
  return new StreamError(errorCode.PROTOCOL_ERROR, "a stream depends on itself");
}

function dependency(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) & 0x7fff_ffff;
}
