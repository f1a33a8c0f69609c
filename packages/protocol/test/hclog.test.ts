import { describe, expect, it } from "vitest";
import { formatLogEntry, parseLogEntry } from "../src/index.js";

const time = new Date("2026-01-02T03:04:05.678Z");

describe("formatLogEntry", () => {
  it("writes hclog's keys and the fields", () => {
    expect(formatLogEntry({ level: "warn", message: "slow", time, fields: { ms: 12, refId: "A" } })).toBe(
      '{"@level":"warn","@message":"slow","@timestamp":"2026-01-02T03:04:05.678000Z","ms":12,"refId":"A"}',
    );
  });

  it("stays one line whatever the text holds", () => {
    expect(formatLogEntry({ level: "info", message: "a\nb", time, fields: { text: "c\r\nd" } })).not.toMatch(/[\r\n]/);
  });

  it("keeps the line when a field is not JSON", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const line = formatLogEntry({ level: "info", message: "m", time, fields: { cycle, big: 10n, kept: 1 } });
    expect(JSON.parse(line)).toMatchObject({
      "@message": "m",
      big: "10",
      kept: 1,
      cycle: expect.stringMatching(/^\(not JSON/),
    });
  });

  it("writes an error with its stack", () => {
    const line = formatLogEntry({ level: "error", message: "m", time, fields: { error: new TypeError("boom") } });
    expect(JSON.parse(line).error).toMatch(/TypeError: boom\n\s+at /);
  });

  it("names an error whose stack does not", () => {
    const error = new TypeError("boom");
    error.stack = "f@file.js:1:2";
    const line = formatLogEntry({ level: "error", message: "m", time, fields: { error } });
    expect(JSON.parse(line).error).toBe("TypeError: boom\nf@file.js:1:2");
  });

  it("writes what caused an error, and of several errors each", () => {
    const refused = new Error("refused", { cause: { code: 7, big: 1n } });
    const error = new Error("cannot connect", { cause: new AggregateError([refused, "text"], "all failed") });
    const text = JSON.parse(formatLogEntry({ level: "error", message: "m", time, fields: { error } })).error;
    expect(text).toMatch(
      /^Error: cannot connect\n(.|\n)*caused by: AggregateError: all failed\n(.|\n)*caused by: Error: refused/,
    );
    expect(text).toMatch(/caused by: object(.|\n)*caused by: "text"$/);
  });

  it("ends with causes that go in circles", () => {
    const error = new Error("a");
    error.cause = error;
    expect(formatLogEntry({ level: "error", message: "m", time, fields: { error } }).length).toBeLessThan(20_000);
  });

  it.each([
    ["message", { message: "x".repeat(100_000), fields: { kept: 1 } }],
    ["field", { message: "m", fields: { sql: "é".repeat(50_000), list: Array(50_000).fill(1), kept: 1 } }],
    ["cause", { message: "m", fields: { error: new Error("failed", { cause: "x".repeat(100_000) }), kept: 1 } }],
  ])("cuts a long %s, so that go-plugin's host reads the line whole", (_, { message, fields }) => {
    const line = formatLogEntry({ level: "warn", message, time, fields });
    expect(Buffer.byteLength(line)).toBeLessThan(64 * 1024);
    expect(line).toMatch(/… \(\d+ more characters\)/);
    expect(parseLogEntry(line)).toMatchObject({ level: "warn", time, fields: { kept: 1 } });
  });

  it("leaves out the fields when even cut they are too many", () => {
    const fields = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`field${i}`, "x".repeat(5_000)]));
    const line = formatLogEntry({ level: "warn", message: "m", time, fields });
    expect(parseLogEntry(line)).toMatchObject({
      message: "m",
      fields: { leftOut: expect.stringMatching(/1000 fields/) },
    });
  });

  it("lets no field stand in for hclog's own", () => {
    const line = formatLogEntry({ level: "info", message: "m", time, fields: { "@level": "error" } });
    expect(parseLogEntry(line)?.level).toBe("info");
  });
});

describe("parseLogEntry", () => {
  it("reads back what formatLogEntry wrote", () => {
    const entry = { level: "debug", message: "m", time, fields: { a: [1, 2], b: "x" } } as const;
    expect(parseLogEntry(formatLogEntry(entry))).toEqual(entry);
  });

  it("takes the level in any case, and a line without a time", () => {
    expect(parseLogEntry('{"@level":"WARN","@message":"m"}')).toEqual({
      level: "warn",
      message: "m",
      time: undefined,
      fields: {},
    });
  });

  it.each([
    "panic: boom",
    "{broken",
    "[1]",
    "",
    '{"level":"info"}',
    '{"@level":"fatal","@message":"m"}',
    '{"@level":"info","@message":5}',
    '{"@level":"info","@message":"m","@timestamp":"noon"}',
    // go-plugin wants six digits of a second, no more and no fewer.
    '{"@level":"info","@message":"m","@timestamp":"2026-01-02T03:04:05.678Z"}',
    '{"@level":"info","@message":"m","@timestamp":"2026-01-02T03:04:05Z"}',
  ])("takes %j for plain text, as go-plugin does", (line) => {
    expect(parseLogEntry(line)).toBeUndefined();
  });
});
