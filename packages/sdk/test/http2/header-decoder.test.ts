import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectionError, errorCode } from "../../src/server/http2/error-code.js";
import { HeaderDecoder } from "../../src/server/http2/hpack/header-decoder.js";
import { staticTable } from "../../src/server/http2/hpack/static-table.js";

type Pair = readonly [name: string, value: string];

function decode(decoder: HeaderDecoder, bytes: Buffer): Pair[] {
  // What lies around a block is none of it.
  const around = Buffer.concat([Buffer.of(0x82), bytes, Buffer.of(0x82)]);
  return decoder.decode(around, 1, 1 + bytes.length)?.map(({ name, value }) => [name, value]) ?? [];
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

/** With what code and words a block is refused. */
function refusal(block: Buffer, decoder = new HeaderDecoder(1_000)): { code: number; message: string } {
  try {
    decode(decoder, block);
  } catch (error) {
    if (error instanceof ConnectionError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error("the block was taken");
}

/** A number behind the first bits of a byte. Source: https://www.rfc-editor.org/rfc/rfc7541#section-5.1 */
function number(first: number, bits: number, value: number): number[] {
  const most = 2 ** bits - 1;
  if (value < most) {
    return [first | value];
  }
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes.push(128 + (rest % 128));
  }
  return [...bytes, rest];
}

function text(value: string): number[] {
  return [...number(0, 7, value.length), ...Buffer.from(value, "latin1")];
}

const FIRST: Pair[] = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/"],
  [":authority", "www.example.com"],
];
const THIRD: Pair[] = [
  [":method", "GET"],
  [":scheme", "https"],
  [":path", "/index.html"],
  [":authority", "www.example.com"],
  ["custom-key", "custom-value"],
];
const DATE = "Mon, 21 Oct 2013 20:13:21 GMT";
const ANSWER: Pair[] = [
  [":status", "302"],
  ["cache-control", "private"],
  ["date", DATE],
  ["location", "https://www.example.com"],
];
const LAST_ANSWER: Pair[] = [
  [":status", "200"],
  ["cache-control", "private"],
  ["date", DATE.replace(":21 ", ":22 ")],
  ["location", "https://www.example.com"],
  ["content-encoding", "gzip"],
  ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
];

/** Makes the table as small as the RFC's answers need it. */
const OF_256_BYTES = "3fe101";

describe("HeaderDecoder", () => {
  // Source: https://www.rfc-editor.org/rfc/rfc7541#appendix-C.3 to C.6
  it.each([
    [
      "requests",
      ["828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865"],
      "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    ],
    [
      "compressed requests",
      ["828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf"],
      "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ],
  ])("reads the RFC's %s", (_what, [first = "", second = ""], third) => {
    const decoder = new HeaderDecoder(1_000);
    expect(decode(decoder, hex(first))).toEqual(FIRST);
    expect(decode(decoder, hex(second))).toEqual([...FIRST, ["cache-control", "no-cache"]]);
    expect(decode(decoder, hex(third))).toEqual(THIRD);
  });

  it.each([
    [
      "answers",
      "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
      "4803333037c1c0bf",
      "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
    ],
    [
      "compressed answers",
      "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
      "4883640effc1c0bf",
      "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
    ],
  ])("reads the RFC's %s, which drop old headers", (_what, first, second, third) => {
    const decoder = new HeaderDecoder(1_000);
    expect(decode(decoder, hex(OF_256_BYTES + first))).toEqual(ANSWER);
    expect(decode(decoder, hex(second))).toEqual([[":status", "307"], ...ANSWER.slice(1)]);
    expect(decode(decoder, hex(third))).toEqual(LAST_ANSWER);
    // The table holds the newest three now, and nothing behind them.
    expect(decode(decoder, hex("bebfc0"))).toEqual([LAST_ANSWER[5], LAST_ANSWER[4], LAST_ANSWER[2]]);
    expect(refusal(hex("c1"), decoder).code).toBe(errorCode.COMPRESSION_ERROR);
  });

  it("reads literals that are given no number, and those that must never be given one", () => {
    const decoder = new HeaderDecoder(1_000);
    expect(decode(decoder, hex("040c2f73616d706c652f70617468 100870617373776f726406736563726574"))).toEqual([
      [":path", "/sample/path"],
      ["password", "secret"],
    ]);
    expect(refusal(hex("be"), decoder).code).toBe(errorCode.COMPRESSION_ERROR);
  });

  it("keeps the table as a plain list would", () => {
    const name = fc.oneof(
      fc.constantFrom("a", "bb", "x-long-name"),
      fc.string({ maxLength: 60, unit: "binary-ascii" }),
    );
    const value = fc.oneof(
      fc.string({ maxLength: 20, unit: "binary-ascii" }),
      fc.nat(600).map((length) => "v".repeat(length)),
    );
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom(0x40, 0x00, 0x10), name, value, pick: fc.nat() }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant(0x80), pick: fc.nat() }) },
    );
    const size = fc.oneof(fc.nat(4096), fc.constantFrom(0, 31, 32, 33, 4096));
    const block = fc.record({ sizes: fc.array(size, { maxLength: 2 }), steps: fc.array(step, { maxLength: 40 }) });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const decoder = new HeaderDecoder(1_000_000);
        let most = 4096;
        let table: Pair[] = [];
        const shrink = () => {
          const sizes = table.map(([name, value]) => name.length + value.length + 32);
          while (sizes.reduce((sum, one) => sum + one, 0) > most) {
            sizes.pop();
          }
          table = table.slice(0, sizes.length);
        };
        for (const { sizes, steps } of blocks) {
          const bytes: number[] = [];
          const expected: Pair[] = [];
          for (const size of sizes) {
            bytes.push(...number(0x20, 5, size));
            most = size;
            shrink();
          }
          for (const step of steps) {
            const all: Pair[] = [...staticTable.map(({ name, value }): Pair => [name, value]), ...table];
            // Mostly one of the client's own.
            const place = step.pick % 3 === 0 || table.length === 0 ? step.pick % 61 : 61 + (step.pick % table.length);
            const [picked, its] = all[place] ?? ["", ""];
            if (!("name" in step)) {
              bytes.push(...number(0x80, 7, place + 1));
              expected.push([picked, its]);
              continue;
            }
            const isNamed = step.pick % 2 === 0;
            const field: Pair = [isNamed ? picked : step.name, step.value];
            bytes.push(...number(step.kind, step.kind === 0x40 ? 6 : 4, isNamed ? place + 1 : 0));
            bytes.push(...(isNamed ? [] : text(step.name)), ...text(step.value));
            expected.push(field);
            if (step.kind === 0x40) {
              table.unshift(field);
              shrink();
            }
          }
          expect(decode(decoder, Buffer.from(bytes))).toEqual(expected);
        }
        const past = Buffer.from(number(0x80, 7, 62 + table.length));
        expect(refusal(past, decoder).code).toBe(errorCode.COMPRESSION_ERROR);
      }),
      { numRuns: 300 },
    );
  });

  it("holds as many headers as fit, in the order in which they came", () => {
    const decoder = new HeaderDecoder(100_000);
    // 34 bytes each: 120 of them fit.
    for (let index = 0; index < 300; index++) {
      decode(decoder, Buffer.from([0x40, ...text("n"), ...text(String.fromCharCode(index % 256))]));
    }
    const all = Buffer.from(Array.from({ length: 120 }, (_, age) => number(0x80, 7, 62 + age)).flat());
    expect(decode(decoder, all).map(([, value]) => value.charCodeAt(0))).toEqual(
      Array.from({ length: 120 }, (_, age) => (299 - age) % 256),
    );
    expect(refusal(Buffer.from(number(0x80, 7, 62 + 120)), decoder).code).toBe(errorCode.COMPRESSION_ERROR);
  });

  it("has nothing behind the oldest header, however many there are", () => {
    const decoder = new HeaderDecoder(1_000);
    for (let count = 0; count <= 120; count++) {
      expect(refusal(Buffer.from(number(0x80, 7, 62 + count)), decoder).message).toContain("nothing has the number");
      decode(decoder, Buffer.from([0x40, ...text("n"), ...text("v")]));
    }
  });

  it("empties the table for a header that is larger, and reads it", () => {
    const decoder = new HeaderDecoder(10_000);
    decode(decoder, Buffer.from([0x40, ...text("a"), ...text("b")]));
    const large = "x".repeat(4096);
    expect(decode(decoder, Buffer.from([0x40, ...text("l"), ...text(large)]))).toEqual([["l", large]]);
    expect(refusal(hex("be"), decoder).code).toBe(errorCode.COMPRESSION_ERROR);
  });

  it("lets the table become larger again, up to what was agreed on", () => {
    const decoder = new HeaderDecoder(1_000);
    const added = [0x40, ...text("a"), ...text("b")];
    expect(decode(decoder, Buffer.from([...number(0x20, 5, 0), ...number(0x20, 5, 4096), ...added, 0xbe]))).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(decode(decoder, Buffer.from([0x20]))).toEqual([]);
    expect(refusal(hex("be"), decoder).code).toBe(errorCode.COMPRESSION_ERROR);
  });

  it.each([
    ["the number 0", [0x80], "nothing has the number 0"],
    ["a number that nothing has", [0xbe], "nothing has the number 62"],
    ["a name by a number that nothing has", [0x7e, ...text("v")], "nothing has the number 62"],
    ["a table of more than was agreed on", number(0x20, 5, 4097), "resized"],
    ["a resized table behind a header", [0x82, 0x20], "resized"],
    ["a number that is cut off", [0xff], "ends within a number"],
    ["a number that is cut off further behind", [0xff, 0x80], "ends within a number"],
    ["a number that is too large", [0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], "too large"],
    ["a number with zeros without end", [0xff, ...new Array<number>(20).fill(0x80), 0], "too large"],
    ["a header without a name", [0x40], "ends within a header"],
    ["a header without a value", [0x40, ...text("n")], "ends within a header"],
    ["a name that is cut off", [0x40, 3, 0x61, 0x62], "a text of 3 bytes"],
    ["a value that is cut off", [0x00, ...text("n"), 2, 0x61], "a text of 2 bytes"],
    ["a compressed value that is cut off", [0x00, ...text("n"), 0x82, 0x64], "a text of 2 bytes"],
    ["a text of a length beyond all", [0x00, 0x7f, 0xff, 0xff, 0xff, 0x7e], "a text of 2663"],
    ["a text compressed otherwise", [0x00, ...text("n"), 0x81, 0x00], "not compressed as HPACK does"],
  ])("refuses %s", (_what, bytes, words) => {
    const { code, message } = refusal(Buffer.from(bytes));
    expect(code).toBe(errorCode.COMPRESSION_ERROR);
    expect(message).toContain(words);
  });

  it("takes as many bytes as it is to, and none more, and reads on behind them", () => {
    const value = "v".repeat(67);
    const block = Buffer.from([0x00, ...text("n"), ...text(value), 0x40, ...text("n"), ...text(value)]);
    expect(decode(new HeaderDecoder(200), block)).toHaveLength(2);
    const strict = new HeaderDecoder(199);
    expect(strict.decode(block, 0, block.length)).toBeUndefined();
    // What the block gave a number has it.
    expect(decode(strict, Buffer.of(0xbe))).toEqual([["n", value]]);
  });

  it("keeps nothing of a long header that is named again and again", () => {
    const decoder = new HeaderDecoder(1024 * 1024);
    decode(decoder, Buffer.from([0x40, ...text("n"), ...text("v".repeat(4_000))]));
    expect(decoder.decode(Buffer.alloc(16_000, 0xbe), 0, 16_000)).toBeUndefined();
    expect(decode(decoder, Buffer.of(0xbe))).toHaveLength(1);
  });
});
