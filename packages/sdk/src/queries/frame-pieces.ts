import { encodeJsonSchema, type Field, type Frame } from "@framewright/data";
import { joinColumns } from "./join-columns.js";

/** Tells pieces of one frame from other frames: by name and fields, not by meta, in which each piece may say something else. */
export function pieceKey(frame: Frame): string {
  return encodeJsonSchema({ ...frame, meta: undefined });
}

/** Joins the pieces of each frame, in the order in which the frames began. The first piece's meta is the frame's. */
export function joinPieces(frames: readonly Frame[]): Frame[] {
  const byKey = new Map<string, Frame[]>();
  for (const frame of frames) {
    const key = pieceKey(frame);
    const pieces = byKey.get(key);
    if (pieces === undefined) {
      byKey.set(key, [frame]);
    } else {
      pieces.push(frame);
    }
  }
  return [...byKey.values()].map(joinFrames);
}

function joinFrames(pieces: readonly Frame[]): Frame {
  const [first, second] = pieces;
  if (first === undefined || second === undefined) {
    return first ?? { name: "", refId: "", fields: [], meta: undefined, length: 0 };
  }
  const fields = first.fields.map((field, index): Field => {
    const others = pieces.slice(1).flatMap((piece) => piece.fields[index]?.column ?? []);
    return { ...field, column: joinColumns([field.column, ...others]) };
  });
  return { ...first, fields, length: pieces.reduce((rows, { length }) => rows + length, 0) };
}
