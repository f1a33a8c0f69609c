import { type DataQuery, QueryChunkedDataResponse } from "@framewright/protocol";
import { unlessAborted } from "../calls/in-time.js";
import { encodeFrame, encodeRows } from "./encode-frame.js";
import { pieceKey } from "./frame-pieces.js";
import { type Emit, mergeProducers } from "./merge-producers.js";
import { framesOf } from "./query-answer.js";
import { errorFields, type QueryRun } from "./query-run.js";

/**
 * Answers the queries of a request piece by piece, side by side. A query is asked for its next frame when the last one was
 * taken. Pieces of one frame have one frameId: the first holds schema and rows, in JSON later ones rows alone. A query that
 * fails, or is not done in time, says so in a last piece of its own. Source: the Go SDK's backend/chunked.go.
 */
export function answerInChunks(run: QueryRun): AsyncGenerator<QueryChunkedDataResponse> {
  const { format, limit, queries, signal } = run;
  return mergeProducers(queries, limit, run.callSignal, async (query, emit: Emit<QueryChunkedDataResponse>) => {
    const { refId } = query;
    try {
      await unlessAborted(signal, () => run.scope(query, () => answer(query, emit)));
    } catch (error) {
      run.onError(query, error);
      const failure = errorFields(error, run.userFacingDefault);
      // Refused where nobody takes the answer any more.
      await emit(QueryChunkedDataResponse.fromPartial({ refId, format, ...failure })).catch(() => {});
    }
  });

  async function answer(query: DataQuery, emit: Emit<QueryChunkedDataResponse>): Promise<void> {
    const { refId } = query;
    const frameIds = new Map<string, string>();
    for await (const frame of framesOf(await run.ask(query))) {
      signal.throwIfAborted();
      const key = pieceKey(frame);
      const known = frameIds.get(key);
      const frameId = known ?? `f${frameIds.size}`;
      frameIds.set(key, frameId);
      const bytes = await (known === undefined ? encodeFrame : encodeRows)(frame, refId, format, signal);
      await emit(QueryChunkedDataResponse.fromPartial({ refId, frameId, frame: bytes, status: 200, format }));
    }
  }
}
