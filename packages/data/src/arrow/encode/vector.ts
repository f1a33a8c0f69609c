import type { Builder } from "flatbuffers";

/** Writes a vector of the tables at `offsets` and returns its offset. */
export function tableVector(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4);
  // A builder writes from the back to the front.
  for (const offset of offsets.toReversed()) {
    builder.addOffset(offset);
  }
  return builder.endVector();
}

/** Writes a vector of structs of `structBytes` bytes whose members are 64-bit integers, and returns its offset. */
export function structVector(builder: Builder, structBytes: number, structs: readonly (readonly number[])[]): number {
  builder.startVector(structBytes, structs.length, 8);
  for (const struct of structs.toReversed()) {
    for (const member of struct.toReversed()) {
      // As two halves, the upper first since a builder writes backwards: a BigInt for each would cost more than all the rest.
      builder.prep(8, 0);
      builder.writeInt32(Math.floor(member / 2 ** 32));
      builder.writeInt32(member | 0);
    }
  }
  return builder.endVector();
}
