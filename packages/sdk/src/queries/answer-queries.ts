import type { Frame } from "@framewright/data";
import { type DataQuery, DataResponse, type QueryDataResponse } from "@framewright/protocol";
import { unlessAborted } from "../calls/in-time.js";
import { encodePieces } from "./encode-frame.js";
import { forEachLimited } from "./for-each-limited.js";
import { groupPieces } from "./frame-pieces.js";
import { framesOf } from "./query-answer.js";
import { errorFields, type QueryRun } from "./query-run.js";

/**
 * Runs the queries of a request side by side. Each gets its own frames or its own error; what one throws, or that it is not
 * done in time, never touches another's answer.
 */
export async function answerQueries(run: QueryRun): Promise<QueryDataResponse> {
  const { format, limit, queries, signal } = run;
  // In the order of the queries, whichever is answered first.
  const responses = new Map<string, DataResponse>(queries.map(({ refId }) => [refId, DataResponse.fromPartial({})]));
  await forEachLimited(queries, limit, async (query) => {
    const { refId } = query;
    try {
      const work = (): Promise<Uint8Array[]> => run.scope(query, () => answer(query));
      const frames = await unlessAborted(signal, work);
      responses.set(refId, DataResponse.fromPartial({ frames, status: 200, format }));
    } catch (error) {
      run.onError(query, error);
      responses.set(refId, DataResponse.fromPartial({ ...errorFields(error, run.userFacingDefault), format }));
    }
  });
  return { responses };

  async function answer(query: DataQuery): Promise<Uint8Array[]> {
    const frames: Frame[] = [];
    const answered = await run.ask(query);
    for await (const frame of framesOf(answered)) {
      signal.throwIfAborted();
      frames.push(frame);
    }
    const encoded: Uint8Array[] = [];
    for (const pieces of isIterable(answered) ? groupPieces(frames) : frames.map((frame) => [frame])) {
      encoded.push(await encodePieces(pieces, query.refId, format, signal));
    }
    return encoded;
  }
}

function isIterable(answer: object): boolean {
  return Symbol.asyncIterator in answer;
}
