import { describe, expect, it } from "vitest";
import { captureConsole } from "../src/log/capture-console.js";
import { createLogger } from "../src/log/logger.js";
import { rememberSecrets } from "../src/secrets/known-secrets.js";

function recorded(): { lines: () => Record<string, unknown>[]; log: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines: () => lines.map((line) => JSON.parse(line)), log: createLogger((line) => lines.push(line)) };
}

describe("createLogger", () => {
  it("writes each level under its own name", () => {
    const { lines, log } = recorded();
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) {
      log[level](`a ${level}`);
    }
    expect(lines().map((line) => [line["@level"], line["@message"]])).toEqual([
      ["trace", "a trace"],
      ["debug", "a debug"],
      ["info", "a info"],
      ["warn", "a warn"],
      ["error", "a error"],
    ]);
  });

  it("adds the fields of `with` to every line, the line's own first", () => {
    const { lines, log } = recorded();
    log.with({ refId: "A", dsUID: "x" }).with({ refId: "B" }).info("m", { rows: 3 });
    expect(lines()[0]).toMatchObject({ refId: "B", dsUID: "x", rows: 3 });
  });
});

describe("a line that cannot be written as it is", () => {
  const hostile = {
    get secret(): never {
      throw new Error("not for you");
    },
  };

  it.each([
    { error: Object.assign(new Error(), { message: null, name: {}, stack: 5 }), shown: expect.any(String) },
    { error: new Error("why", { cause: Object.create(null) }), shown: expect.stringMatching(/^Error: why/) },
    { error: new Error("why", { cause: hostile }), shown: expect.stringMatching(/^Error: why/) },
    { error: Object.assign(new Error("why"), { name: Object.create(null) }), shown: expect.any(String) },
    { error: Object.assign(new AggregateError([], "all"), { errors: 1 }), shown: expect.stringMatching(/all/) },
    { error: hostile, shown: "(not JSON: Error: not for you)" },
    {
      error: {
        toJSON: () => {
          throw Object.create(null);
        },
      },
      shown: "(not JSON: {})",
    },
  ])("is written all the same, with the fields that can be, and nothing is thrown: %#", ({ error, shown }) => {
    for (const secrets of [[], ["a secret that is known"]]) {
      rememberSecrets(secrets);
      const { lines, log } = recorded();
      log.with({ refId: "A" }).error("failed", { error, rows: 3 });
      expect(lines()).toMatchObject([{ "@level": "error", "@message": "failed", refId: "A", rows: 3, error: shown }]);
    }
  });

  it("keeps the other fields where one cannot be read", () => {
    const { lines, log } = recorded();
    const fields = Object.defineProperty({ n: 1 }, "bad", { enumerable: true, get: () => hostile.secret });
    log.info("m", fields);
    expect(lines()).toMatchObject([{ "@message": "m", bad: "(cannot be read)", n: 1 }]);
  });

  it.each([
    { message: null, text: "null" },
    { message: new Error("why"), text: "Error: why" },
    { message: Object.create(null), text: "(a message that is no text)" },
  ])("has a text in place of a message that is none: $text", ({ message, text }) => {
    rememberSecrets(["a secret that is known"]);
    const { lines, log } = recorded();
    Reflect.apply(log.error, log, [message]);
    expect(lines()).toMatchObject([{ "@message": text }]);
  });
});

describe("captureConsole", () => {
  it("sends what the author prints to the log, formatted as the console would", () => {
    const { lines, log } = recorded();
    const saved = { ...console };
    captureConsole(log);
    try {
      console.log("%d rows", 3, { a: 1 });
      console.error(new Error("boom"));
      console.table([{ a: 1 }]);
    } finally {
      Object.assign(console, saved);
    }
    expect(lines()).toMatchObject([
      { "@level": "info", "@message": "3 rows { a: 1 }" },
      { "@level": "error", "@message": expect.stringMatching(/^Error: boom\n\s+at /) },
      { "@level": "info", "@message": expect.stringMatching(/│ 1 +│(.|\n)*┘$/) },
    ]);
  });
});
