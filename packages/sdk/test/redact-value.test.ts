import { describe, expect, it } from "vitest";
import { DownstreamError, errorAnswer, PluginError } from "../src/errors.js";
import { createRedactor } from "../src/http/redact.js";
import { redactValue } from "../src/secrets/redact-value.js";

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

  it("keeps an error that is its own cause and holds no secret, and one with many causes", () => {
    const cycle = new DownstreamError("fine", { status: 429 });
    cycle.cause = new Error("also fine", { cause: cycle });
    expect(redactValue(cycle, redact)).toBe(cycle);
    const chain = (length: number): Error => new Error("fine", length === 0 ? {} : { cause: chain(length - 1) });
    const deep = chain(20);
    expect(redactValue(deep, redact)).toBe(deep);
  });

  it("keeps by what an error is told what it is: class, status, code", () => {
    const sourced = new DownstreamError("hush-hush", { status: 429, userFacing: false });
    expect(redactValue(new Error("page 3", { cause: sourced }), redact)).toMatchObject({
      message: "page 3",
      cause: expect.any(DownstreamError),
    });
    expect(redactValue(sourced, redact)).toMatchObject({ message: "[redacted]", status: 429, userFacing: false });
    expect(redactValue(new PluginError("hush-hush"), redact)).toBeInstanceOf(PluginError);
    const http = Object.assign(new Error("hush-hush"), { status: 503 });
    expect(errorAnswer(redactValue(http, redact))).toEqual({
      message: "[redacted]",
      status: 503,
      source: "downstream",
    });
    const grpc = Object.assign(new Error("hush-hush"), { code: 4, metadata: { token: "hush-hush" } });
    expect(redactValue(grpc, redact)).toMatchObject({ code: 4, metadata: { token: "[redacted]" } });
  });

  it("looks into gathered errors and into causes that are none", () => {
    const error = new AggregateError([new Error("one hush-hush"), "hush-hush"], "all", { cause: { key: "hush-hush" } });
    expect(redactValue(error, redact)).toMatchObject({
      errors: [{ message: "one [redacted]" }, "[redacted]"],
      cause: { key: "[redacted]" },
    });
  });

  it("is not thrown off by what cannot be read", () => {
    const odd = Object.assign(new AggregateError([], "hush-hush"), { errors: 5, name: {} });
    Object.defineProperty(odd, "cause", {
      get() {
        throw new Error("not for you");
      },
    });
    expect(redactValue(odd, redact)).toMatchObject({ message: "[redacted]", errors: [] });
  });

  it("finds a secret that is a number, and one that names a member", () => {
    const pin = createRedactor({ pin: "123456789" });
    expect(redactValue(123456789, pin)).toBe("[redacted]");
    expect(redactValue({ pin: 123456789 }, pin)).toBe('{"pin":[redacted]}');
    expect(redactValue({ "hush-hush": [1] }, redact)).toEqual({ "[redacted]": [1] });
  });

  it("takes anything", () => {
    expect(redactValue("a hush-hush text", redact)).toBe("a [redacted] text");
    expect(redactValue(undefined, redact)).toBeUndefined();
  });
});
