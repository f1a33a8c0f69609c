import { ConnectionError, errorCode } from "./error-code.js";
import { type Frame, frameFlag } from "./frame.js";

/** @throws ConnectionError for a frame that concerns no stream */
export function checkOfStream({ streamId }: Frame): void {
  if (streamId === 0) {
    throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a frame that names no stream");
  }
}

/** @throws ConnectionError for a frame that concerns a stream */
export function checkOfConnection({ streamId }: Frame): void {
  if (streamId !== 0) {
    throw new ConnectionError(errorCode.PROTOCOL_ERROR, "a frame that must name no stream");
  }
}

/** @throws ConnectionError for a payload of another length, in bytes */
export function checkLength({ start, end }: Frame, bytes: number): void {
  if (end - start !== bytes) {
    throw new ConnectionError(errorCode.FRAME_SIZE_ERROR, `a frame of ${end - start} bytes instead of ${bytes}`);
  }
}

/** Where the payload of a frame lies that may be padded. @throws ConnectionError */
export function withoutPadding({ flags, bytes, start, end }: Frame): readonly [start: number, end: number] {
  if ((flags & frameFlag.PADDED) === 0) {
    return [start, end];
  }
  const padding = bytes[start] ?? 0;
  if (start + 1 + padding > end) {
    throw new ConnectionError(errorCode.PROTOCOL_ERROR, "more padding than there is");
  }
  return [start + 1, end - padding];
}
