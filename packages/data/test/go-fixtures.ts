import { readFileSync } from "node:fs";
import { type Field, type FieldType, type Frame, hasValue, valueAt } from "../src/index.js";
import { goDocument } from "../src/json/go-json.js";

/** A frame as the official Go SDK sees it, and what it writes for it. Made by tools/go/cmd/frames. */
export interface GoFrame {
  readonly id: string;
  /** Its Arrow file in base64. */
  readonly arrow: string;
  readonly json: string;
  readonly schemaJson: string;
  readonly dataJson: string;
  readonly frame: {
    readonly name: string;
    readonly refId: string;
    readonly meta: unknown;
    readonly fields: readonly {
      readonly name: string;
      readonly type: string;
      readonly nullable: boolean;
      readonly labels: unknown;
      readonly config: unknown;
      /** Each value as a text that loses nothing; null for a row without one. */
      readonly values: readonly (string | null)[];
    }[];
  };
}

/** The committed frames. */
export function goFrames(): GoFrame[] {
  return readLines("go-frames.jsonl").map((line): GoFrame => JSON.parse(line));
}

/** The lines of a fixture. */
export function readLines(name: string): string[] {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
}

/** A frame in the form in which the Go program describes it, but for meta and config, whose JSON is compared. */
export function described(frame: Frame): unknown {
  return {
    name: frame.name,
    refId: frame.refId,
    fields: frame.fields.map((field) => ({
      name: field.name,
      type: goTypes[field.column.type] ?? field.column.type,
      nullable: field.nullable,
      // The Go program writes the labels of a field without any as an empty object.
      labels: field.labels ?? {},
      values: Array.from({ length: field.column.length }, (_, row) => describedValue(field, row)),
    })),
  };
}

/** What the Go program says of a frame, to be compared with {@link described}. */
export function expected({ frame }: GoFrame): unknown {
  return describedAs(frame, (value, { type }) => (type === "json" && value !== null ? goDocument(value) : value));
}

/** What can be left of a frame in its JSON, where a document that is null and a row without one are written alike. */
export function expectedFromJson({ frame }: GoFrame): unknown {
  return describedAs(frame, (value, { type, nullable }) => {
    if (type !== "json" || value === null) {
      return value;
    }
    return value === "null" && nullable ? null : goDocument(value);
  });
}

type GoField = GoFrame["frame"]["fields"][number];

function describedAs(
  frame: GoFrame["frame"],
  convert: (value: string | null, field: GoField) => string | null,
): unknown {
  const fields = frame.fields.map((field) => {
    const { name, type, nullable, labels, values } = field;
    return { name, type, nullable, labels, values: values.map((value) => convert(value, field)) };
  });
  return { name: frame.name, refId: frame.refId, fields };
}

const goTypes: Readonly<Partial<Record<FieldType, string>>> = { boolean: "bool" };

function describedValue({ column }: Field, row: number): string | null {
  if (!hasValue(column, row)) {
    return null;
  }
  const value = valueAt(column, row);
  switch (column.type) {
    case "float64":
      return Number.isNaN(value)
        ? "7ff8000000000000"
        : bits(new BigUint64Array(Float64Array.of(Number(value)).buffer)[0], 16);
    case "float32":
      return Number.isNaN(value) ? "7fc00000" : bits(new Uint32Array(Float32Array.of(Number(value)).buffer)[0], 8);
    case "json":
      // How a document is spaced is lost in some of Go's ways to write it.
      return goDocument(String(value));
    default:
      return String(value);
  }
}

function bits(pattern: bigint | number | undefined, digits: number): string {
  return (pattern ?? 0).toString(16).padStart(digits, "0");
}
