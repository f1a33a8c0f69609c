import { encodeArrow, encodeJson, type Frame } from "@framewright/data";
import type { CallContext } from "@framewright/sdk";
import { DataFrameFormat, type QueryChunkedDataRequest, QueryChunkedDataResponse } from "@framewright/sdk/messages";
import { answerPeerQuery, Query, rowsFrame } from "./query.js";

/** Rows in one chunk. */
const CHUNK_ROWS = 1_000;

/** Answers each query in turn: `rows` in chunks of one frame, everything else in one. */
export async function* queryChunkedData(
  request: QueryChunkedDataRequest,
  { signal, log }: CallContext,
): AsyncGenerator<QueryChunkedDataResponse> {
  for (const { refId, json } of request.queries) {
    const chunk = (answer: Partial<QueryChunkedDataResponse>): QueryChunkedDataResponse =>
      QueryChunkedDataResponse.fromPartial({ refId, frameId: refId, format: request.format, status: 200, ...answer });
    const query = Query.parse(JSON.parse(Buffer.from(json).toString() || "{}"));
    const { rows } = query;
    if (rows !== undefined) {
      for (let first = 0; first < rows; first += CHUNK_ROWS) {
        yield chunk({ frame: encode(rowsFrame(Math.min(CHUNK_ROWS, rows - first), first), request.format) });
      }
    } else if (query.error !== undefined) {
      const { message, status, source } = query.error;
      yield chunk({ error: message, status, errorSource: source });
    } else {
      const frame = (await answerPeerQuery(query, signal, log)) ?? rowsFrame(1);
      yield chunk({ frame: encode(frame, request.format) });
    }
  }
}

function encode(frame: Frame, format: DataFrameFormat): Uint8Array {
  return format === DataFrameFormat.JSON ? Buffer.from(encodeJson(frame)) : encodeArrow(frame);
}
