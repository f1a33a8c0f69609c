import { describe, expect, it } from "vitest";
import { errorAnswer } from "../src/errors.js";
import { DownstreamError, PluginError } from "../src/index.js";

describe("errorAnswer", () => {
  it.each([
    { thrown: new PluginError("bug"), answer: { message: "bug", status: 500, source: "plugin" } },
    { thrown: new DownstreamError("down"), answer: { message: "down", status: 502, source: "downstream" } },
    {
      thrown: new DownstreamError("gone", { status: 404 }),
      answer: { message: "gone", status: 404, source: "downstream" },
    },
    { thrown: new TypeError("x is undefined"), answer: { message: "x is undefined", status: 500, source: "plugin" } },
    { thrown: new RangeError(), answer: { message: "RangeError", status: 500, source: "plugin" } },
    {
      thrown: new DOMException("too slow", "TimeoutError"),
      answer: { message: "too slow", status: 504, source: "downstream" },
    },
    {
      thrown: new DOMException("stopped", "AbortError"),
      answer: { message: "stopped", status: 499, source: "downstream" },
    },
    { thrown: "text", answer: { message: "a string was thrown: text", status: 500, source: "plugin" } },
    { thrown: null, answer: { message: "null was thrown", status: 500, source: "plugin" } },
    { thrown: undefined, answer: { message: "undefined was thrown", status: 500, source: "plugin" } },
    { thrown: Object.create(null), answer: { message: "an object was thrown", status: 500, source: "plugin" } },
  ])("answers $answer", ({ thrown, answer }) => {
    expect(errorAnswer(thrown)).toEqual(answer);
  });
});
