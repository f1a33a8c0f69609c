import { setImmediate } from "node:timers/promises";
import { encodeArrow, encodeJson, type Frame } from "@framewright/data";
import {
  DataFrameFormat,
  type DataQuery,
  DataResponse,
  type QueryDataRequest,
  type QueryDataResponse,
} from "@framewright/protocol";
import { DownstreamError, errorAnswer, PluginError } from "../errors.js";

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
      return [query.refId, await encodeAnswer(checkFrames(frames), query.refId, request.format)];
    } catch (error) {
      onError(query, error);
      return [query.refId, encodeError(error, request.format)];
    }
  });
  return { responses: new Map(await Promise.all(answers)) };
}

/** What a handler returned, as a list. Types do not reach plain JavaScript, nor what was cast. */
function checkFrames(answer: unknown): readonly Frame[] {
  const frames = Array.isArray(answer) ? answer : [answer];
  for (const frame of frames) {
    if (!isFrame(frame)) {
      throw new PluginError(`query must return a frame or an array of frames, not ${describe(frame)}`);
    }
  }
  return frames;
}

function isFrame(value: unknown): value is Frame {
  return (
    typeof value === "object" && value !== null && "refId" in value && "fields" in value && Array.isArray(value.fields)
  );
}

function describe(value: unknown): string {
  if (value === null || typeof value !== "object") {
    return String(value);
  }
  return `an object with ${Object.keys(value).slice(0, 5).join(", ") || "no properties"}`;
}

async function encodeAnswer(frames: readonly Frame[], refId: string, format: DataFrameFormat): Promise<DataResponse> {
  const encoded: Uint8Array[] = [];
  for (const frame of frames) {
    // Encoding a large frame takes a while: let other calls in between.
    await setImmediate();
    encoded.push(encodeFrame(frame.refId === "" ? { ...frame, refId } : frame, format));
  }
  return DataResponse.fromPartial({ frames: encoded, status: 200, format });
}

function encodeFrame(frame: Frame, format: DataFrameFormat): Uint8Array {
  return format === DataFrameFormat.JSON ? new TextEncoder().encode(encodeJson(frame)) : encodeArrow(frame);
}

function encodeError(error: unknown, format: DataFrameFormat): DataResponse {
  const { message, status, source } = errorAnswer(error);
  return DataResponse.fromPartial({ error: message, status, errorSource: source, format });
}
