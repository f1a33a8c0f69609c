import { concatColumns, encodeJsonSchema, type Field, type Frame, type FrameMeta } from "@framewright/data";

/** Tells pieces of one frame from other frames: by name and fields, not by meta, in which each piece may say something else. */
export function pieceKey(frame: Frame): string {
  return encodeJsonSchema({ ...frame, meta: undefined });
}

/** The pieces of each frame, in the order in which the frames began. */
export function groupPieces(frames: readonly Frame[]): (readonly Frame[])[] {
  if (frames.length < 2) {
    return frames.length === 0 ? [] : [frames];
  }
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const key = pieceKey(frame);
    const pieces = groups.get(key);
    if (pieces === undefined) {
      groups.set(key, [frame]);
    } else {
      pieces.push(frame);
    }
  }
  return [...groups.values()];
}

/** The same pieces, of which the first one's meta has the notices of all. */
export function withMetaOfAll(pieces: readonly Frame[]): readonly Frame[] {
  const [first, ...more] = pieces;
  return first === undefined || more.length === 0 ? pieces : [{ ...first, meta: joinMeta(pieces) }, ...more];
}

/**
 * One frame of the rows of all pieces, of which there is at least one. Its meta is that of the first piece, with the notices of all.
 *
 * @throws FrameError that names the field whose texts come to more than 2 GiB
 */
export function joinPieces(pieces: readonly Frame[]): Frame {
  const [first, ...more] = withMetaOfAll(pieces);
  if (first === undefined || more.length === 0) {
    return first ?? { name: "", refId: "", fields: [], meta: undefined, length: 0 };
  }
  const fields = first.fields.map((field, index): Field => {
    const columns = pieces.flatMap((piece) => piece.fields[index]?.column ?? []);
    return { ...field, column: concatColumns(columns, field.name) };
  });
  return { ...first, fields, length: pieces.reduce((rows, { length }) => rows + length, 0) };
}

/** What a later piece has to tell is said once, however many pieces say the same. */
function joinMeta(pieces: readonly Frame[]): FrameMeta | undefined {
  const notices = new Map(
    pieces.flatMap(({ meta }) => (meta?.notices ?? []).map((notice) => [JSON.stringify(notice), notice] as const)),
  );
  const meta = pieces[0]?.meta;
  return notices.size === 0 ? meta : { ...meta, notices: [...notices.values()] };
}
