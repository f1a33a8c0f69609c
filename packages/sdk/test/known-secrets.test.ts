import { describe, expect, it } from "vitest";
import { createLogger } from "../src/log/logger.js";
import { redact, rememberSecrets, withoutKnownSecrets } from "../src/secrets/known-secrets.js";
import { requireSecret } from "../src/secrets/require-secret.js";

describe("redact", () => {
  it("takes a secret out wherever it stands, in each form that it may have there", () => {
    rememberSecrets(['p"ss/w ord1']);
    const secret = 'p"ss/w ord1';
    const text = `raw ${secret}, JSON ${JSON.stringify(secret)}, URL ${encodeURIComponent(secret)}, base64 ${btoa(secret)}.`;
    expect(redact(text)).toBe('raw [redacted], JSON "[redacted]", URL [redacted], base64 [redacted].');
  });

  it("leaves nothing of a secret that holds another", () => {
    rememberSecrets(["inner-secret", "outer-inner-secret-outer"]);
    expect(redact("outer-inner-secret-outer")).toBe("[redacted]");
  });

  it("knows the lines of a key", () => {
    rememberSecrets(["-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nshort\n-----END KEY-----"]);
    expect(redact("line MIIEvQIBADANBgkqhkiG9w0B is wrong, short is not")).toBe(
      "line [redacted] is wrong, short is not",
    );
  });

  it("leaves texts whole for a secret of three characters", () => {
    rememberSecrets(["abc"]);
    expect(redact("abc")).toBe("abc");
  });

  it("keeps the newest thousand", () => {
    rememberSecrets(["the-first-of-many"]);
    rememberSecrets(Array.from({ length: 1_000 }, (_, i) => `secret number ${i} of many`));
    expect(redact("the-first-of-many")).toBe("the-first-of-many");
    expect(redact("secret number 0 of many, secret number 999 of many")).toBe("[redacted], [redacted]");
  });

  it("keeps one that calls still come with, however many others there are", () => {
    rememberSecrets(["the-one-in-use"]);
    rememberSecrets(Array.from({ length: 999 }, (_, i) => `secret ${i} before it is used again`));
    rememberSecrets(["the-one-in-use"]);
    rememberSecrets(Array.from({ length: 999 }, (_, i) => `secret ${i} after it was used again`));
    expect(redact("the-one-in-use, secret 998 before it is used again")).toBe(
      "[redacted], secret 998 before it is used again",
    );
  });
});

describe("withoutKnownSecrets", () => {
  it("reaches into errors, their stacks and causes", () => {
    rememberSecrets(["hunter2hunter2"]);
    const error = new AggregateError([new Error("one hunter2hunter2")], "all hunter2hunter2", {
      cause: new TypeError("why hunter2hunter2", { cause: "hunter2hunter2" }),
    });
    const redacted = withoutKnownSecrets(error);
    expect(redacted).toBeInstanceOf(AggregateError);
    expect(redacted).toMatchObject({
      message: "all [redacted]",
      errors: [{ message: "one [redacted]" }],
      cause: { name: "TypeError", message: "why [redacted]", cause: "[redacted]" },
    });
    expect(String((redacted as Error).stack)).not.toContain("hunter2");
    expect(error.message).toBe("all hunter2hunter2");
  });

  it("reaches into causes that are no errors, and is not thrown off by texts that are none", () => {
    rememberSecrets(["hunter2hunter2"]);
    const bare = Object.assign(Object.create(null), { token: "hunter2hunter2" });
    const odd = Object.assign(new Error(), { message: null, name: 17, stack: { at: "hunter2hunter2" } });
    const error = new AggregateError([odd, bare], "all", { cause: bare });
    expect(withoutKnownSecrets(error)).toMatchObject({
      message: "all",
      cause: { token: "[redacted]" },
      errors: [{ message: "", name: "", stack: "" }, { token: "[redacted]" }],
    });
  });

  it("reaches into objects, as JSON shows them", () => {
    rememberSecrets(["hunter2hunter2"]);
    class Client {
      readonly headers = ["Bearer hunter2hunter2"];
      toJSON() {
        return { kind: "client", headers: this.headers };
      }
    }
    expect(withoutKnownSecrets({ client: new Client(), n: 1 })).toEqual({
      client: { kind: "client", headers: ["Bearer [redacted]"] },
      n: 1,
    });
  });

  it("leaves to the log what is no JSON", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(withoutKnownSecrets(cycle)).toBe(cycle);
    expect(withoutKnownSecrets(12n)).toBe(12n);
    expect(withoutKnownSecrets(null)).toBeNull();
  });
});

describe("a logger", () => {
  it("writes no secret: not in the message, not in a field or its name, not in an error", () => {
    rememberSecrets(["hunter2hunter2"]);
    const lines: string[] = [];
    const log = createLogger((line) => lines.push(line), { from: "hunter2hunter2" });
    log.with({ "hunter2hunter2 as a name": 1 }).error("using hunter2hunter2", {
      error: new Error("401 for hunter2hunter2", { cause: new Error("hunter2hunter2") }),
      request: { headers: { authorization: "Bearer hunter2hunter2" } },
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("hunter2");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      "@message": "using [redacted]",
      "[redacted] as a name": 1,
      error: expect.stringContaining("Error: 401 for [redacted]\n"),
    });
  });
});

describe("requireSecret", () => {
  it("gives the secret", () => {
    expect(requireSecret({ token: "t" }, "token")).toBe("t");
  });

  const without: Readonly<Record<string, string>>[] = [{}, { token: "" }, { constructor: "x" }];

  it.each(without)("names the one that is missing in %j", (secrets) => {
    expect(() => requireSecret(secrets, "token")).toThrow("secrets.token: is missing; enter it in the settings");
    expect(() => requireSecret(secrets, "toString")).toThrow(expect.objectContaining({ status: 400 }));
  });
});
