import { setImmediate } from "node:timers/promises";
import { type Column, encodeArrowInSteps, encodeJson, encodeJsonData, type Frame } from "@framewright/data";
import { DataFrameFormat } from "@framewright/protocol";
import { joinPieces, withMetaOfAll } from "./frame-pieces.js";

/** A frame as the caller wants it, as {@link encodePieces} makes it of its pieces. */
export function encodeFrame(
  frame: Frame,
  refId: string,
  format: DataFrameFormat,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return encodePieces([frame], refId, format, signal);
}

/**
 * One frame of the rows of all pieces as the caller wants it, under the refId of its query where it has none. Encoding takes a
 * while, so other calls are let in again and again.
 *
 * @param pieces frames of the same fields, at least one
 * @throws FrameError when a config or the meta holds what Grafana could not read, or the texts of a field exceed 2 GiB; the signal's reason, once nobody
 *   waits for it
 */
export async function encodePieces(
  pieces: readonly Frame[],
  refId: string,
  format: DataFrameFormat,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const named = pieces.map((piece) => (piece.refId === "" ? { ...piece, refId } : piece));
  if (format === DataFrameFormat.JSON) {
    const frame = joinPieces(named);
    await letOthersIn([frame], format);
    return new TextEncoder().encode(encodeJson(frame));
  }
  await letOthersIn(named, format);
  const steps = encodeArrowInSteps(withMetaOfAll(named));
  let began = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      return step.value;
    }
    if (performance.now() - began > TURN_MS) {
      await setImmediate();
      signal.throwIfAborted();
      began = performance.now();
    }
  }
}

/** The rows of a frame whose schema the caller has already. An Arrow file always has one of its own. */
export async function encodeRows(
  frame: Frame,
  refId: string,
  format: DataFrameFormat,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (format !== DataFrameFormat.JSON) {
    return encodeFrame(frame, refId, format, signal);
  }
  await letOthersIn([frame], format);
  return new TextEncoder().encode(encodeJsonData(frame));
}

/** How long a frame is encoded before others are let in, in ms. */
const TURN_MS = 2;

/** How much is encoded before others are let in, in bytes of Arrow: about 1 ms of work. */
const TURN_BYTES = 2_000_000;

/** What a frame costs beside its cells, in bytes of Arrow, and how much more JSON costs. */
const FRAME_BYTES = 64_000;
const JSON_FACTOR = 50;

let encoded = 0;

/** Waits for the next turn of the event loop when this turn's work, with this frame in pieces, would be more than enough. */
async function letOthersIn(pieces: readonly Frame[], format: DataFrameFormat): Promise<void> {
  let bytes = FRAME_BYTES;
  for (const { fields } of pieces) {
    for (const { column } of fields) {
      bytes += bytesOf(column);
    }
  }
  const cost = format === DataFrameFormat.JSON ? JSON_FACTOR * bytes : bytes;
  encoded += cost;
  if (encoded > TURN_BYTES) {
    encoded = cost;
    await setImmediate();
  }
}

/** About how many bytes a column has, by what its rows and its texts take. */
function bytesOf(column: Column): number {
  const texts = "offsets" in column ? (column.offsets[column.length] ?? 0) - (column.offsets[0] ?? 0) : 0;
  return 8 * column.length + texts;
}
