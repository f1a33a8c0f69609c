import { readFileSync } from "node:fs";
import { type Column, columnBuilder, decodeArrow, type FieldType, type Frame, fieldTypes } from "@framewright/data";

/** A frame of the fixtures that the official Go SDK wrote. */
export interface GoFrame {
  readonly id: string;
  /** The Arrow file that the SDK wrote. */
  readonly arrow: Uint8Array;
  /** What ours reads in that file. */
  readonly frame: Frame;
  /** What it holds, as the Go program lists it: tools/go/README.md says how each value is written. */
  readonly listed: ListedFrame;
}

interface ListedFrame {
  readonly name: string;
  readonly refId: string;
  readonly fields: readonly ListedField[];
}

/** A field as the Go program lists it. */
export interface ListedField {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly values: readonly (string | null)[];
}

/** The file with the frames. */
export const goFramesFile = new URL("../../../packages/data/test/fixtures/go-frames.jsonl", import.meta.url);

/** The frames of {@link goFramesFile}. */
export function goFrames(): GoFrame[] {
  const lines = readFileSync(goFramesFile, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { id, arrow: base64, frame: listed }: { id: string; arrow: string; frame: ListedFrame } = JSON.parse(line);
    const arrow = new Uint8Array(Buffer.from(base64, "base64"));
    return { id, arrow, frame: decodeArrow(arrow), listed };
  });
}

/** The same frame, its columns built value by value from the list, so that nothing of the SDK's bytes is in it. */
export function rebuilt({ frame, listed }: GoFrame): Frame {
  const fields = frame.fields.map((field, index) => {
    const { type, values } = listed.fields[index] ?? { type: "missing", values: [] };
    return Object.freeze({ ...field, column: columnOf(type, values) });
  });
  return Object.freeze({ ...frame, fields });
}

function columnOf(goType: string, values: readonly (string | null)[]): Column {
  const type = goType === "bool" ? "boolean" : fieldTypes.find((known) => known === goType);
  if (type === "json") {
    const builder = columnBuilder(type);
    for (const value of values) {
      value === null ? builder.appendNull() : builder.appendBytes(new TextEncoder().encode(value));
    }
    return builder.finish();
  }
  if (type === undefined) {
    throw new Error(`the fixtures have a field of the unknown type ${goType}`);
  }
  const builder = columnBuilder<FieldType>(type);
  for (const value of values) {
    builder.append(value === null ? null : parsed(type, value));
  }
  return builder.finish();
}

function parsed(type: FieldType, text: string): bigint | number | string | boolean {
  switch (type) {
    case "time":
    case "int64":
    case "uint64":
      return BigInt(text);
    case "float32":
      return Buffer.from(text, "hex").readFloatBE();
    case "float64":
      return Buffer.from(text, "hex").readDoubleBE();
    case "string":
      return text;
    case "boolean":
      return text === "true";
    default:
      return Number(text);
  }
}
