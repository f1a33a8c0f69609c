import { checkFrame, type Frame } from "../../frame.js";
import { FrameError } from "../../frame-error.js";
import { CHECKSUM_PLACEHOLDER, writeChecksum } from "../checksum.js";
import * as Arrow from "../format.js";
import { type BatchBuffer, type BatchField, batchField } from "./buffers.js";
import { type BufferPlace, batchMessage, footer, knownFooter, knownSchemaMessage } from "./message.js";
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
  const steps = encodeArrowInSteps([frame], options);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      return step.value;
    }
  }
}

/**
 * Encodes as {@link encodeArrow} does, in steps of a ms at most: whoever answers others as well does so between two of them.
 *
 * ```ts
 * const steps = encodeArrowInSteps(pieces);
 * let step = steps.next();
 * while (!step.done) {
 *   await setImmediate();
 *   step = steps.next();
 * }
 * const file = step.value;
 * ```
 *
 * @param pieces frames of the same fields, at least one; the file is of the rows of all, and says of the frame what the first one
 *   says. They are not joined before
 * @returns steps, and the file behind the last of them
 * @throws {FrameError} as {@link encodeArrow}, and if the pieces differ in their fields or there is none
 */
export function* encodeArrowInSteps(
  pieces: readonly Frame[],
  options: EncodeArrowOptions = {},
): Generator<void, Uint8Array<ArrayBuffer>> {
  const [frame] = pieces;
  if (frame === undefined) {
    throw new FrameError("there is no piece to make a frame of");
  }
  const fields = batchFields(frame, pieces);
  const length = pieces.reduce((rows, piece) => rows + piece.length, 0);
  const schema = prepareSchema(frame);
  const head = knownSchemaMessage(schema);

  const buffers: BatchBuffer[] = [];
  const places: BufferPlace[] = [];
  let bodyLength = 0;
  for (const field of fields) {
    for (const buffer of field.buffers) {
      buffers.push(buffer);
      places.push({ offset: bodyLength, length: buffer.length });
      bodyLength += Arrow.aligned(buffer.length);
    }
  }
  const nodes = fields.map(({ node }) => node);
  const batch = batchMessage(length, nodes, places, bodyLength);

  const headOffset = Arrow.aligned(Arrow.MAGIC.length);
  const batchOffset = headOffset + PREFIX_BYTES + Arrow.aligned(head.length);
  const metadataLength = PREFIX_BYTES + Arrow.aligned(batch.length);
  const bodyOffset = batchOffset + metadataLength;
  const endOffset = bodyOffset + bodyLength;
  const block = { offset: batchOffset, metadataLength, bodyLength };
  const foot = options.checksum ? footer(schema, [block], [CHECKSUM_PLACEHOLDER]) : knownFooter(schema, block);
  const footOffset = endOffset + PREFIX_BYTES;
  const footLengthOffset = footOffset + foot.length;

  const file = new Uint8Array(footLengthOffset + 4 + Arrow.MAGIC.length);
  const view = new DataView(file.buffer);
  file.set(Arrow.MAGIC, 0);
  writeMessage(file, view, headOffset, head);
  writeMessage(file, view, batchOffset, batch);
  writeMessage(file, view, endOffset, new Uint8Array(0));
  file.set(foot, footOffset);
  view.setInt32(footLengthOffset, foot.length, true);
  file.set(Arrow.MAGIC, footLengthOffset + 4);
  for (const [index, { offset }] of places.entries()) {
    for (const copy of buffers[index]?.steps ?? []) {
      copy(file, bodyOffset + offset);
      yield;
    }
  }
  if (options.checksum) {
    writeChecksum(file);
  }
  return file;
}

function batchFields(frame: Frame, pieces: readonly Frame[]): BatchField[] {
  for (const piece of pieces) {
    checkFrame(piece);
    if (piece.fields.length !== frame.fields.length) {
      const counts = `${frame.fields.length} fields and ${piece.fields.length}`;
      throw new FrameError(`the pieces of a frame must have the same fields, but there are pieces of ${counts}`);
    }
  }
  return frame.fields.map(({ name, nullable, column }, index) => {
    const columns = pieces.map(({ fields }) => {
      const part = fields[index];
      if (part?.name !== name || part.nullable !== nullable || part.column.type !== column.type) {
        throw new FrameError("the pieces of a frame must have the same fields", { field: name });
      }
      return part.column;
    });
    return batchField(columns, name);
  });
}

/** Writes prefix and metadata. A message without metadata is the end of the stream of messages. */
function writeMessage(file: Uint8Array, view: DataView, offset: number, metadata: Uint8Array): void {
  view.setUint32(offset, Arrow.CONTINUATION, true);
  view.setInt32(offset + 4, Arrow.aligned(metadata.length), true);
  file.set(metadata, offset + PREFIX_BYTES);
}
