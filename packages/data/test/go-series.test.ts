import { describe, expect, test } from "vitest";
import {
  decodeArrow,
  encodeArrow,
  type Fill,
  type Frame,
  FrameError,
  longToWide,
  numbers,
  resample,
  timeSeriesSchema,
  valuesOf,
  wideToLong,
} from "../src/index.js";
import { described, readLines } from "./go-fixtures.js";

/** What the official Go SDK makes of a time series. Made by tools/go/cmd/frames. */
interface GoSeries {
  readonly id: string;
  readonly kind: "longToWide" | "wideToLong" | "resample" | "schema";
  /** Arrow files in base64. */
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly options: {
    readonly fill?: { readonly mode: "null" | "previous" | "value"; readonly value: number } | null;
    readonly fromNs?: string;
    readonly toNs?: string;
    readonly intervalNs?: string;
  };
  readonly schema?: {
    readonly type: string;
    readonly timeIndex: number;
    readonly valueIndices: readonly number[] | null;
    readonly factorIndices: readonly number[] | null;
  };
}

const cases = readLines("go-series.jsonl").map((line): GoSeries => JSON.parse(line));

function casesOf(kind: GoSeries["kind"]): [string, GoSeries][] {
  return cases.filter((one) => one.kind === kind).map((one) => [one.id, one]);
}

function frameOf(base64: string): Frame {
  return decodeArrow(Uint8Array.from(Buffer.from(base64, "base64")));
}

function fillOf({ options: { fill } }: GoSeries): Fill {
  if (!fill) {
    return "none";
  }
  return fill.mode === "value" ? { value: fill.value } : fill.mode;
}

/** The frame as the SDK would have made it, which drops the refId and the config of fields. */
function comparable(frame: Frame): unknown {
  return described({ ...frame, refId: "" });
}

/** Whether times are missing or out of order. The SDK's resample makes something up then, where it does not fail. */
function isUnordered(frame: Frame): boolean {
  const times = [...valuesOf(frame.fields[timeSeriesSchema(frame).time] ?? numbers([]))];
  return times.some((time, row) => time === null || (row > 0 && time < (times[row - 1] ?? time)));
}

/** The frame with all text and boolean fields nullable, as ours are once resampled: the first steps may be without any. */
function withNullableFactors(frame: Frame): Frame {
  const { factors } = timeSeriesSchema(frame);
  const fields = frame.fields.map((field, index) => (factors.includes(index) ? { ...field, nullable: true } : field));
  return { ...frame, fields };
}

function expectAsGo(go: GoSeries, make: (input: Frame) => Frame): void {
  const input = frameOf(go.input);
  if (go.output === null || (go.kind === "resample" && isUnordered(input))) {
    expect(() => make(input)).toThrow(FrameError);
    return;
  }
  const output = frameOf(go.output);
  const expected = go.kind === "resample" && input.length > 0 ? withNullableFactors(output) : output;
  const made = make(input);
  expect(comparable(made)).toEqual(comparable(expected));
  expect(decodeArrow(encodeArrow(made)).meta).toEqual(expected.meta);
}

test("there are at least 200 cases", () => {
  expect(cases.length).toBeGreaterThanOrEqual(200);
});

test.each(casesOf("longToWide"))("%s is as the Go SDK makes it", (_, go) => {
  expectAsGo(go, (input) => longToWide(input, { fill: fillOf(go) }));
});

test.each(casesOf("wideToLong"))("%s is as the Go SDK makes it", (_, go) => {
  expectAsGo(go, wideToLong);
});

test.each(casesOf("resample"))("%s is as the Go SDK makes it", (_, go) => {
  const { fromNs = "", toNs = "", intervalNs = "" } = go.options;
  expectAsGo(go, (input) =>
    resample(input, { from: BigInt(fromNs), to: BigInt(toNs), interval: BigInt(intervalNs), fill: fillOf(go) }),
  );
});

describe("timeSeriesSchema", () => {
  test.each(casesOf("schema"))("%s is as the Go SDK sees it", (_, go) => {
    const schema = timeSeriesSchema(frameOf(go.input));
    expect(schema.shape).toBe(go.schema?.type);
    if (schema.shape !== "not") {
      expect(schema.time).toBe(go.schema?.timeIndex);
      expect(schema.values).toEqual(go.schema?.valueIndices ?? []);
      expect(schema.factors).toEqual(go.schema?.factorIndices ?? []);
    }
  });
});
