import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/http/redact.js";

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
