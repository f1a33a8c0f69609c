import { describe, expect, it } from "vitest";
import { errorAnswer, loggableThrown } from "../src/errors.js";
import { DownstreamError, errorSourceOfStatus, PluginError } from "../src/index.js";

const DEFAULT = "please inspect Grafana server log for details";

function coded(code: string, message = `it failed with ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

describe("errorAnswer", () => {
  it.each([
    { thrown: new PluginError("bug"), answer: { message: "bug", status: 500, source: "plugin" } },
    { thrown: new DownstreamError("down"), answer: { message: "down", status: 502, source: "downstream" } },
    {
      thrown: new DownstreamError("gone", { status: 404 }),
      answer: { message: "gone", status: 404, source: "downstream" },
    },
    { thrown: new TypeError("x is undefined"), answer: { message: "x is undefined", status: 500, source: "plugin" } },
    {
      thrown: new DOMException("too slow", "TimeoutError"),
      answer: { message: "too slow", status: 504, source: "downstream" },
    },
    {
      thrown: new DOMException("stopped", "AbortError"),
      answer: { message: "stopped", status: 499, source: "downstream" },
    },
    { thrown: "text", answer: { message: "text", status: 500, source: "plugin" } },
  ])("answers $answer", ({ thrown, answer }) => {
    expect(errorAnswer(thrown)).toEqual(answer);
  });

  it.each([null, undefined, "", 17, Object.create(null), new RangeError(), new PluginError("")])(
    "answers Grafana's default text for what says nothing: %s",
    (thrown) => {
      expect(errorAnswer(thrown)).toEqual({ message: `unexpected error - ${DEFAULT}`, status: 500, source: "plugin" });
      expect(errorAnswer(thrown, "ask Bob").message).toBe("unexpected error - ask Bob");
    },
  );

  it.each([null, undefined, 17, { text: "no text" }, Object.create(null)])(
    "takes an error whose message is no text for one that says nothing: %s",
    (message) => {
      const odd = Object.assign(new Error("replaced"), { message, name: message, stack: message });
      const answer = { message: `unexpected error - ${DEFAULT}`, status: 500, source: "plugin" };
      expect(errorAnswer(odd)).toEqual(answer);
      expect(errorAnswer(new Error("page 3", { cause: odd }))).toEqual({ ...answer, message: "page 3" });
      expect(errorAnswer(Object.assign(odd, { code: "ECONNREFUSED" }))).toMatchObject({ status: 502 });
    },
  );

  it.each(["message", "name", "cause", "code", "status", "errors"])(
    "takes an error that cannot be read for one that says nothing: %s",
    (member) => {
      const unreadable = Object.defineProperty(new AggregateError([]), member, {
        get() {
          throw new Error("not for you");
        },
      });
      expect(errorAnswer(unreadable)).toMatchObject({ message: `unexpected error - ${DEFAULT}`, status: 500 });
    },
  );

  it("is not thrown off by gathered errors that are no list", () => {
    expect(errorAnswer(Object.assign(new AggregateError([], "several"), { errors: { a: 1 } }))).toMatchObject({
      message: "several",
      status: 500,
    });
  });

  it("answers the default text alone for an error that is not for users, also when it is the cause of another", () => {
    const hidden = new DownstreamError("10.1.2.3 refused user root", { userFacing: false, status: 503 });
    const answer = { message: "ask Bob", status: 503, source: "downstream" };
    expect(errorAnswer(hidden, "ask Bob")).toEqual(answer);
    expect(errorAnswer(new Error("cannot ask 10.1.2.3", { cause: hidden }), "ask Bob")).toEqual(answer);
  });

  it.each([
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EPIPE",
    "UND_ERR_SOCKET",
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ConnectionRefused",
  ])("answers 502 for %s, whose fault is downstream", (code) => {
    expect(errorAnswer(coded(code))).toMatchObject({ status: 502, source: "downstream" });
  });

  it.each(["ETIMEDOUT", "ESOCKETTIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT"])(
    "answers 504 for %s",
    (code) => {
      expect(errorAnswer(coded(code))).toMatchObject({ status: 504, source: "downstream" });
    },
  );

  it("finds what happened among the causes, and says it", () => {
    const fetchFailed = new TypeError("fetch failed", {
      cause: new Error("outer", { cause: coded("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1") }),
    });
    expect(errorAnswer(fetchFailed)).toEqual({
      message: "fetch failed: connect ECONNREFUSED 127.0.0.1:1",
      status: 502,
      source: "downstream",
    });
  });

  it("says what one address of a host answered, where none of several did", () => {
    const refused = coded("ECONNREFUSED", "connect ECONNREFUSED ::1:1");
    const all = Object.assign(new AggregateError([refused], ""), { code: "ECONNREFUSED" });
    expect(errorAnswer(new TypeError("fetch failed", { cause: all }))).toMatchObject({
      message: "fetch failed: connect ECONNREFUSED ::1:1",
      status: 502,
    });
  });

  it("takes the word of an error that says whose fault it is, over all that can be guessed", () => {
    const wrapped = new Error("query 3 failed", { cause: new PluginError("bad token", { status: 501 }) });
    expect(errorAnswer(wrapped)).toEqual({ message: "query 3 failed: bad token", status: 501, source: "plugin" });
    const blamed = new PluginError("no retry left", { cause: coded("ECONNRESET") });
    expect(errorAnswer(blamed)).toMatchObject({ message: "no retry left", status: 500, source: "plugin" });
  });

  it("tells a time-out from the cancellation that it was", () => {
    const cause = new DOMException("the call's deadline has passed", "TimeoutError");
    const aborted = Object.assign(new Error("The operation was aborted", { cause }), { name: "AbortError" });
    expect(errorAnswer(aborted)).toMatchObject({ status: 504, source: "downstream" });
  });

  it("is not led in circles by causes", () => {
    const error = new Error("round");
    error.cause = new Error("and round", { cause: error });
    expect(errorAnswer(error)).toMatchObject({ message: "round", status: 500 });
  });

  it.each([
    { error: { status: 404 }, answer: { status: 404, source: "downstream" } },
    { error: { statusCode: 503 }, answer: { status: 503, source: "downstream" } },
    { error: { status: 405 }, answer: { status: 405, source: "plugin" } },
    { error: { status: 200 }, answer: { status: 500, source: "plugin" } },
    { error: { status: "404" }, answer: { status: 500, source: "plugin" } },
  ])("reads the HTTP status that an error has: $error", ({ error, answer }) => {
    expect(errorAnswer(Object.assign(new Error("http"), error))).toMatchObject(answer);
  });

  it("reads the status of a gRPC call", () => {
    const grpc = (code: number) => Object.assign(new Error("grpc"), { code, details: "", metadata: {} });
    expect(errorAnswer(grpc(1))).toMatchObject({ status: 499, source: "downstream" });
    expect(errorAnswer(grpc(4))).toMatchObject({ status: 504, source: "downstream" });
    expect(errorAnswer(grpc(13))).toMatchObject({ status: 500, source: "plugin" });
  });

  it("blames the plugin for what the system does not let it", () => {
    expect(errorAnswer(coded("EACCES"))).toMatchObject({ status: 401, source: "plugin" });
  });

  it("answers a status that is one", () => {
    expect(errorAnswer(new PluginError("odd", { status: 200 })).status).toBe(500);
    expect(errorAnswer(new PluginError("odd", { status: Number.NaN })).status).toBe(500);
  });

  it("cuts a message that nobody would read", () => {
    expect(errorAnswer(new Error("x".repeat(1_000_000))).message).toMatch(/^x{10000}… \(990000 more characters\)$/);
  });
});

describe("errorSourceOfStatus", () => {
  it.each([405, 406, 412, 413, 414, 416, 417, 426, 431, 501])("blames the plugin for %d", (status) => {
    expect(errorSourceOfStatus(status)).toBe("plugin");
  });

  it.each([400, 401, 403, 404, 409, 429, 500, 502, 503, 504])("blames the data source for %d", (status) => {
    expect(errorSourceOfStatus(status)).toBe("downstream");
  });
});

describe("loggableThrown", () => {
  it.each([
    { thrown: "text", text: "a string was thrown: text" },
    { thrown: null, text: "null was thrown" },
    { thrown: undefined, text: "undefined was thrown" },
    { thrown: 17, text: "a number was thrown" },
    { thrown: Object.create(null), text: "an object was thrown" },
  ])("says that $text", ({ thrown, text }) => {
    expect(loggableThrown(thrown)).toBe(text);
  });
});
