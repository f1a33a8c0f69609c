import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/http/redact.js";
import { redactValue } from "../../src/secrets/redact-value.js";

describe("createRedactor", () => {
  it("replaces a secret in each of its forms", () => {
    const redact = createRedactor({ token: 'hush "hush"/ü' }, ["user"]);
    const forms = [
      'hush "hush"/ü',
      encodeURIComponent('hush "hush"/ü'),
      JSON.stringify('hush "hush"/ü'),
      Buffer.from('hush "hush"/ü').toString("base64"),
      Buffer.from('user:hush "hush"/ü').toString("base64"),
    ];
    for (const form of forms) {
      expect(redact(`before ${form} after`)).toMatch(/^before "?\[redacted\]"? after$/);
    }
  });

  it("takes the longest secret first", () => {
    expect(createRedactor({ a: "secret", b: "secret-and-more" })("x secret-and-more secret")).toBe(
      "x [redacted] [redacted]",
    );
  });

  it("replaces a short one only where it is a word", () => {
    const redact = createRedactor({ pin: "ab" });
    expect(redact("a table, about ab, ab=ab")).toBe("a table, about [redacted], [redacted]=[redacted]");
  });

  it("takes what is special in patterns as it is", () => {
    expect(createRedactor({ a: "a.c*(d)|[e]\\^$" })("abc a.c*(d)|[e]\\^$")).toBe("abc [redacted]");
    expect(createRedactor({ a: "lone \ud800" })("lone \ud800!")).toBe("[redacted]!");
  });

  it("leaves texts alone where there is no secret", () => {
    expect(createRedactor({})("text")).toBe("text");
    expect(createRedactor({ a: "" })("text")).toBe("text");
  });
});

describe("redactValue", () => {
  const redact = createRedactor({ token: "hush-hush" });

  it("keeps an error that holds no secret", () => {
    const error = new TypeError("fine", { cause: new Error("also fine") });
    expect(redactValue(error, redact)).toBe(error);
  });

  it("copies one that does, with name, code and causes, and without the secret", () => {
    const error = new TypeError("outer", { cause: Object.assign(new Error("token hush-hush"), { code: "E" }) });
    const copy = redactValue(error, redact);
    expect(copy).toMatchObject({
      name: "TypeError",
      message: "outer",
      cause: { message: "token [redacted]", code: "E" },
    });
    expect(copy instanceof Error && String(copy.stack) + String(copy.cause)).not.toContain("hush-hush");
  });

  it("ends with an error that is its own cause", () => {
    const error = new Error("hush-hush");
    error.cause = error;
    expect(redactValue(error, redact)).toMatchObject({ message: "[redacted]" });
  });

  it("takes anything", () => {
    expect(redactValue("a hush-hush text", redact)).toBe("a [redacted] text");
    expect(redactValue(undefined, redact)).toBeUndefined();
  });
});
