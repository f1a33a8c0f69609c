import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeArrow, encodeJson, encodeJsonData, encodeJsonSchema } from "../src/index.js";
import { type GoFrame, goFrames } from "./go-fixtures.js";

/** What Grafana's frontend makes of a frame's JSON. */
interface FrontendFrame {
  readonly name?: string;
  readonly refId?: string;
  readonly meta?: unknown;
  readonly length: number;
  readonly fields: readonly {
    readonly name?: string;
    readonly type: string;
    readonly labels?: unknown;
    readonly config: unknown;
    readonly values: readonly unknown[];
    readonly entities: Readonly<Record<string, readonly number[]>>;
    readonly nanos?: readonly number[];
  }[];
}

// Of @grafana/data only this file is of use here. It is no entry of the package, whose other files want a browser.
const require = createRequire(import.meta.url);
const { dataFrameFromJSON }: { dataFrameFromJSON(json: unknown): FrontendFrame } = require(
  join(dirname(require.resolve("@grafana/data")), "dataframe", "DataFrameJSON.cjs"),
);

const NS_PER_MS = 1_000_000n;

const byId = goFrames().map((frame): [string, GoFrame] => [frame.id, frame]);

describe.each(byId)("Grafana's frontend reads in the JSON of %s", (_, go) => {
  const made = decodeArrow(Uint8Array.from(Buffer.from(go.arrow, "base64")));

  test.each<[string, () => FrontendFrame]>([
    ["the same values", () => dataFrameFromJSON(JSON.parse(encodeJson(made)))],
    [
      "the same values where schema and data come apart",
      () => dataFrameFromJSON({ ...JSON.parse(encodeJsonSchema(made)), ...JSON.parse(encodeJsonData(made)) }),
    ],
  ])("%s", (_, read) => {
    const frame = read();
    expect(frame.length).toBe(go.frame.fields[0]?.values.length ?? 0);
    expect([frame.name ?? "", frame.refId ?? "", frame.meta ?? null]).toEqual([
      go.frame.name,
      go.frame.refId,
      go.frame.meta,
    ]);
    expect(frame.fields.map(({ name, type, labels }) => [name ?? "", type, labels ?? {}])).toEqual(
      go.frame.fields.map(({ name, type, labels }) => [name, frontendType(type), labels ?? {}]),
    );
    go.frame.fields.forEach(({ type, values, config }, index) => {
      const field = frame.fields[index];
      expect(field?.config).toEqual(config ?? {});
      // JSON has as many digits of a float32 as tell it from others, not those of the float64 it would be.
      const found = type === "float32" ? field?.values.map(nearestFloat32) : field?.values;
      expect(found).toEqual(values.map((value) => frontendValue(type, value)));
      if (type === "time") {
        const past = values.map((value) => (value === null ? 0 : Number(floorMod(BigInt(value), NS_PER_MS))));
        expect(field?.nanos ?? past.map(() => 0)).toEqual(past);
      }
    });
  });
});

function frontendType(type: string): string {
  const others: Readonly<Record<string, string>> = {
    time: "time",
    string: "string",
    bool: "boolean",
    enum: "enum",
    json: "other",
  };
  return others[type] ?? "number";
}

/** A value as the frontend has it: times in milliseconds, integers as the nearest number, documents parsed. */
function frontendValue(type: string, value: string | null): unknown {
  if (value === null) {
    return null;
  }
  switch (type) {
    case "float64":
      return Buffer.from(value, "hex").readDoubleBE();
    case "float32":
      return Buffer.from(value, "hex").readFloatBE();
    case "time":
      return Number((BigInt(value) - floorMod(BigInt(value), NS_PER_MS)) / NS_PER_MS);
    case "bool":
      return value === "true";
    case "json":
      return JSON.parse(value);
    case "string":
      return value;
    default:
      return Number(value);
  }
}

function nearestFloat32(value: unknown): unknown {
  return typeof value === "number" ? Math.fround(value) : value;
}

/** The rest of a division that rounds down. */
function floorMod(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}
