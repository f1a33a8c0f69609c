import { decodeArrow, type Frame } from "@framewright/data";
import type { QueryChunkedDataResponse } from "@framewright/protocol";
import { answerStatus, type QueryError } from "./query-data.js";

/** One piece of the answer to one query. */
export interface QueryChunk extends QueryError {
  /** The query that it belongs to. */
  readonly refId: string;
  /** Ties pieces together: those with the same refId and frameId hold rows of one frame. */
  readonly frameId: string;
  /** The rows of this piece; absent in a piece that only says what went wrong. */
  readonly frame: Frame | undefined;
}

/**
 * Reads one piece.
 *
 * @throws ArrowError when the frame's bytes are no Arrow file
 */
export function fromQueryChunkedDataResponse(response: QueryChunkedDataResponse): QueryChunk {
  const { refId, frameId, frame } = response;
  return { refId, frameId, frame: frame.length === 0 ? undefined : decodeArrow(frame), ...answerStatus(response) };
}
