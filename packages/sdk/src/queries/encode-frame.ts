import { setImmediate } from "node:timers/promises";
import { encodeArrow, encodeJson, encodeJsonData, type Frame } from "@framewright/data";
import { DataFrameFormat } from "@framewright/protocol";

/**
 * A frame as the caller wants it, under the refId of its query where it has none. Encoding takes a while, so other calls are let
 * in again and again.
 *
 * @throws FrameError when a config or the meta holds what Grafana could not read
 */
export async function encodeFrame(frame: Frame, refId: string, format: DataFrameFormat): Promise<Uint8Array> {
  await letOthersIn(frame, format);
  const named = frame.refId === "" ? { ...frame, refId } : frame;
  return format === DataFrameFormat.JSON ? new TextEncoder().encode(encodeJson(named)) : encodeArrow(named);
}

/** The rows of a frame whose schema the caller has already. An Arrow file always has one of its own. */
export async function encodeRows(frame: Frame, refId: string, format: DataFrameFormat): Promise<Uint8Array> {
  if (format !== DataFrameFormat.JSON) {
    return encodeFrame(frame, refId, format);
  }
  await letOthersIn(frame, format);
  return new TextEncoder().encode(encodeJsonData(frame));
}

/** How much is encoded before others are let in, in cells of Arrow: about 1 ms of work. */
const TURN_CELLS = 300_000;

/** What a frame costs beside its cells, and a cell of JSON, in cells of Arrow. */
const FRAME_COST = 8_000;
const JSON_COST = 100;

let encoded = 0;

/** Waits for the next turn of the event loop when this turn's work, with this frame, would be more than enough. */
async function letOthersIn({ length, fields }: Frame, format: DataFrameFormat): Promise<void> {
  encoded += FRAME_COST + length * fields.length * (format === DataFrameFormat.JSON ? JSON_COST : 1);
  if (encoded > TURN_CELLS) {
    encoded = 0;
    await setImmediate();
  }
}
