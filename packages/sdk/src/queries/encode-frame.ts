import { setImmediate } from "node:timers/promises";
import { encodeArrow, encodeJson, encodeJsonData, type Frame } from "@framewright/data";
import { DataFrameFormat } from "@framewright/protocol";

/**
 * A frame as the caller wants it, under the refId of its query where it has none. Encoding a large one takes a while, so other
 * calls are let in before.
 *
 * @throws FrameError when a config or the meta holds what Grafana could not read
 */
export async function encodeFrame(frame: Frame, refId: string, format: DataFrameFormat): Promise<Uint8Array> {
  await setImmediate();
  const named = frame.refId === "" ? { ...frame, refId } : frame;
  return format === DataFrameFormat.JSON ? new TextEncoder().encode(encodeJson(named)) : encodeArrow(named);
}

/** The rows of a frame whose schema the caller has already. An Arrow file always has one of its own. */
export async function encodeRows(frame: Frame, refId: string, format: DataFrameFormat): Promise<Uint8Array> {
  if (format !== DataFrameFormat.JSON) {
    return encodeFrame(frame, refId, format);
  }
  await setImmediate();
  return new TextEncoder().encode(encodeJsonData(frame));
}
