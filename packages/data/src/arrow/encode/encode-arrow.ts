import { withNulls } from "../../columns.js";
import { checkFrame, type Frame } from "../../frame.js";
import { CHECKSUM_PLACEHOLDER, writeChecksum } from "../checksum.js";
import * as Arrow from "../format.js";
import { buffersOf } from "./buffers.js";
import { type BufferPlace, batchMessage, footer, schemaMessage } from "./message.js";
import { prepareSchema } from "./schema.js";

/** Bytes before a message's metadata: the continuation mark and the length. */
const PREFIX_BYTES = 8;

/** How {@link encodeArrow} writes. */
export interface EncodeArrowOptions {
  /**
   * Whether the file carries a checksum of itself, by which `decodeArrow` finds any damage; other readers pass over it.
   * Worth its time where a file is stored or goes over an untrustworthy line. Default `false`.
   */
  readonly checksum?: boolean;
}

/**
 * A frame as an Arrow IPC file with one record batch, which is how Grafana takes frames from plugins.
 *
 * The output is allocated once, in its final size, and each buffer of each column is copied into it once.
 *
 * Formats: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format and, for the metadata,
 * https://github.com/grafana/grafana-plugin-sdk-go/blob/main/data/arrow.go
 *
 * @throws {FrameError} naming field and member, if a config, labels or the meta hold what Grafana could not read; naming the
 *   field, if the frame was put together by hand and does not hold together
 */
export function encodeArrow(frame: Frame, options: EncodeArrowOptions = {}): Uint8Array<ArrayBuffer> {
  checkFrame(frame);
  const schema = prepareSchema(frame);
  const head = schemaMessage(schema);

  const buffers = frame.fields.flatMap((field) => buffersOf(field.column));
  const places: BufferPlace[] = [];
  let bodyLength = 0;
  for (const buffer of buffers) {
    places.push({ offset: bodyLength, length: buffer.length });
    bodyLength += Arrow.aligned(buffer.length);
  }
  const nodes = frame.fields.map(({ column }) => withNulls(column.length, column.validity));
  const batch = batchMessage(frame.length, nodes, places, bodyLength);

  const headOffset = Arrow.aligned(Arrow.MAGIC.length);
  const batchOffset = headOffset + PREFIX_BYTES + Arrow.aligned(head.length);
  const metadataLength = PREFIX_BYTES + Arrow.aligned(batch.length);
  const bodyOffset = batchOffset + metadataLength;
  const endOffset = bodyOffset + bodyLength;
  const blocks = [{ offset: batchOffset, metadataLength, bodyLength }];
  const foot = footer(schema, blocks, options.checksum ? [CHECKSUM_PLACEHOLDER] : []);
  const footOffset = endOffset + PREFIX_BYTES;
  const footLengthOffset = footOffset + foot.length;

  const file = new Uint8Array(footLengthOffset + 4 + Arrow.MAGIC.length);
  const view = new DataView(file.buffer);
  file.set(Arrow.MAGIC, 0);
  writeMessage(file, view, headOffset, head);
  writeMessage(file, view, batchOffset, batch);
  places.forEach((place, index) => {
    file.set(buffers[index] ?? [], bodyOffset + place.offset);
  });
  writeMessage(file, view, endOffset, new Uint8Array(0));
  file.set(foot, footOffset);
  view.setInt32(footLengthOffset, foot.length, true);
  file.set(Arrow.MAGIC, footLengthOffset + 4);
  if (options.checksum) {
    writeChecksum(file);
  }
  return file;
}

/** Writes prefix and metadata. A message without metadata is the end of the stream of messages. */
function writeMessage(file: Uint8Array, view: DataView, offset: number, metadata: Uint8Array): void {
  view.setUint32(offset, Arrow.CONTINUATION, true);
  view.setInt32(offset + 4, Arrow.aligned(metadata.length), true);
  file.set(metadata, offset + PREFIX_BYTES);
}
