import { Builder } from "flatbuffers";
import { describe, expect, test } from "vitest";
import { type Block, batchMessage, type FieldNode, footer } from "../src/arrow/encode/message.js";
import { prepareSchema } from "../src/arrow/encode/schema.js";
import { tableVector } from "../src/arrow/encode/vector.js";
import * as Arrow from "../src/arrow/format.js";
import { ArrowError, decodeArrow, encodeArrow, type Frame, frame, json, numbers, strings } from "../src/index.js";

/** A file with the given footer and, from byte 8 on, the given bytes. */
function fileOf(middle: Uint8Array, foot: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setInt32(0, foot.length, true);
  return Uint8Array.from([...Arrow.MAGIC, 0, 0, ...middle, ...foot, ...length, ...Arrow.MAGIC]);
}

/** A file for the fields of `made` whose only batch says of itself what is given. */
function fileWithBatch(
  made: Frame,
  rows: number,
  node: FieldNode,
  buffers: readonly { offset: number; length: number }[],
  body: Uint8Array,
): Uint8Array {
  const metadata = batchMessage(rows, [node], buffers, body.length);
  const size = Arrow.aligned(metadata.length);
  const message = new Uint8Array(8 + size + body.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, Arrow.CONTINUATION, true);
  view.setInt32(4, size, true);
  message.set(metadata, 8);
  message.set(body, 8 + size);
  const block: Block = { offset: 8, metadataLength: 8 + size, bodyLength: body.length };
  return fileOf(message, footer(prepareSchema(made), [block], []));
}

const noBytes = { offset: 0, length: 0 };
const eight = () => new Uint8Array(8);

const floats = frame("f", { a: numbers([]) });
const texts = frame("f", { a: strings([]) });
const documents = frame("f", { a: json([]) });

describe("decodeArrow, of bytes made to do harm,", () => {
  test.each<[string, Uint8Array, string]>([
    [
      "rows without bytes",
      fileWithBatch(floats, 2 ** 40, { length: 2 ** 40, nullCount: 0 }, [noBytes, { offset: 0, length: 8 }], eight()),
      'field "a": has a buffer of 8 bytes where its rows need 8796093022208',
    ],
    [
      "a buffer beyond the end",
      fileWithBatch(floats, 1, { length: 1, nullCount: 0 }, [noBytes, { offset: 8, length: 8 }], eight()),
      'field "a": has a buffer beyond the end of its record batch',
    ],
    [
      "buffers that share bytes",
      fileWithBatch(
        floats,
        1,
        { length: 1, nullCount: 0 },
        [
          { offset: 0, length: 8 },
          { offset: 0, length: 8 },
        ],
        Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0),
      ),
      'field "a": has a buffer beyond the end of its record batch',
    ],
    [
      "a field of another length than its batch",
      fileWithBatch(floats, 1, { length: 2, nullCount: 0 }, [noBytes, { offset: 0, length: 8 }], eight()),
      'field "a": has 2 rows in a record batch of 1',
    ],
    [
      "too few buffers",
      fileWithBatch(floats, 1, { length: 1, nullCount: 0 }, [noBytes], eight()),
      'field "a": has too few buffers',
    ],
    [
      "nulls without a bitmap",
      fileWithBatch(floats, 1, { length: 1, nullCount: 1 }, [noBytes, { offset: 0, length: 8 }], eight()),
      'field "a": has 1 rows without a value, but no bitmap that says which',
    ],
    [
      "another number of nulls than there are",
      fileWithBatch(
        floats,
        1,
        { length: 1, nullCount: 0 },
        [
          { offset: 0, length: 1 },
          { offset: 8, length: 8 },
        ],
        new Uint8Array(16),
      ),
      'field "a": has 1 rows without a value, not the 0 that are said to be',
    ],
    [
      "a text that is not UTF-8",
      fileWithBatch(
        texts,
        1,
        { length: 1, nullCount: 0 },
        [noBytes, { offset: 0, length: 8 }, { offset: 8, length: 8 }],
        Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0, 0x61, 0xff, 0, 0, 0, 0, 0, 0),
      ),
      'field "a", row 0: its text is not valid UTF-8',
    ],
    [
      "a text that ends within a character",
      fileWithBatch(
        texts,
        2,
        { length: 2, nullCount: 0 },
        [noBytes, { offset: 0, length: 16 }, { offset: 16, length: 8 }],
        Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0, 0, 0),
      ),
      'field "a", row 0: its text is not valid UTF-8',
    ],
    [
      "JSON that is none",
      fileWithBatch(
        documents,
        1,
        { length: 1, nullCount: 0 },
        [noBytes, { offset: 0, length: 8 }, { offset: 8, length: 8 }],
        Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0, 0x7b, 0x5d, 0, 0, 0, 0, 0, 0),
      ),
      'field "a", row 0: is not valid JSON, which is what a binary column of a frame holds',
    ],
    [
      "a text beyond the field's bytes",
      fileWithBatch(
        texts,
        1,
        { length: 1, nullCount: 0 },
        [noBytes, { offset: 0, length: 8 }, { offset: 8, length: 8 }],
        Uint8Array.of(0, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8),
      ),
      'field "a", row 0: its text does not lie within the field\'s bytes',
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeArrow(bytes)).toThrow(new ArrowError(message));
  });

  test("refuses a null in a field that is not nullable", () => {
    const strict = frame("f", { a: numbers([], { nullable: false }) });
    const body = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, ...eight()]);
    const buffers = [
      { offset: 0, length: 1 },
      { offset: 8, length: 8 },
    ];
    expect(() => decodeArrow(fileWithBatch(strict, 1, { length: 1, nullCount: 1 }, buffers, body))).toThrow(
      new ArrowError('field "a", row 0: has no value, and the field is not nullable'),
    );
  });

  test("refuses one batch that is listed many times", () => {
    const made = frame("f", { a: numbers([1, 2, 3]) });
    const bytes = encodeArrow(made);
    const foot = footer(
      prepareSchema(made),
      Array.from({ length: 1000 }, () => ({ offset: 8, metadataLength: 8, bodyLength: 200 })),
      [],
    );
    expect(() => decodeArrow(fileOf(bytes.subarray(8, 400), foot))).toThrow(/block \d+ lies beyond the end/);
  });

  test("refuses one field with a long name that is listed many times, and soon", () => {
    const builder = new Builder();
    const name = builder.createString("x".repeat(100_000));
    builder.startObject(0);
    const type = builder.endObject();
    builder.startObject(Arrow.Field.count);
    builder.addFieldOffset(Arrow.Field.name, name, 0);
    builder.addFieldInt8(Arrow.Field.typeType, Arrow.ArrowType.Utf8, 0);
    builder.addFieldOffset(Arrow.Field.type, type, 0);
    const field = builder.endObject();
    const fields = tableVector(builder, Array<number>(100_000).fill(field));
    builder.startObject(Arrow.Schema.count);
    builder.addFieldOffset(Arrow.Schema.fields, fields, 0);
    const schema = builder.endObject();
    builder.startObject(Arrow.Footer.count);
    builder.addFieldInt16(Arrow.Footer.version, Arrow.METADATA_V5, 0);
    builder.addFieldOffset(Arrow.Footer.schema, schema, 0);
    builder.finish(builder.endObject());
    const bytes = fileOf(new Uint8Array(0), builder.asUint8Array());
    const start = performance.now();
    expect(() => decodeArrow(bytes)).toThrow(/far more content than there are bytes for/);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
