import { encodeArrow, encodeJson, type Frame } from "@framewright/data";
import {
  DataFrameFormat,
  type DataQuery,
  DataResponse,
  type QueryDataRequest,
  type QueryDataResponse,
} from "@framewright/protocol";
import { DownstreamError, errorAnswer } from "../errors.js";

/** Answers one query with its frames. */
export type AnswerQuery = (query: DataQuery) => Promise<Frame | readonly Frame[]>;

/**
 * Runs the queries of a request side by side. Each gets its own frames or its own error; what one throws never
 * touches another's answer.
 *
 * @param onError is told of each failed query, for the log
 */
export async function answerQueries(
  request: QueryDataRequest,
  answer: AnswerQuery,
  onError: (query: DataQuery, error: unknown) => void,
): Promise<QueryDataResponse> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { refId } of request.queries) {
    (seen.has(refId) ? repeated : seen).add(refId);
  }
  const answers = request.queries.map(async (query): Promise<[string, DataResponse]> => {
    try {
      if (repeated.has(query.refId)) {
        throw new DownstreamError(`refId: ${JSON.stringify(query.refId)} names more than one query of this request`, {
          status: 400,
        });
      }
      const frames = await answer(query);
      return [query.refId, encodeAnswer([frames].flat(), query.refId, request.format)];
    } catch (error) {
      onError(query, error);
      return [query.refId, encodeError(error, request.format)];
    }
  });
  return { responses: new Map(await Promise.all(answers)) };
}

function encodeAnswer(frames: readonly Frame[], refId: string, format: DataFrameFormat): DataResponse {
  const named = frames.map((frame) => (frame.refId === "" ? { ...frame, refId } : frame));
  const encoded =
    format === DataFrameFormat.JSON
      ? named.map((frame) => new TextEncoder().encode(encodeJson(frame)))
      : named.map(encodeArrow);
  return DataResponse.fromPartial({ frames: encoded, status: 200, format });
}

function encodeError(error: unknown, format: DataFrameFormat): DataResponse {
  const { message, status, source } = errorAnswer(error);
  return DataResponse.fromPartial({ error: message, status, errorSource: source, format });
}
