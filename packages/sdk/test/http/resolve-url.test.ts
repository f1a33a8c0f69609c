import { describe, expect, it } from "vitest";
import { isOwnOrigin, resolveUrl } from "../../src/http/url/resolve-url.js";

describe("resolveUrl", () => {
  it.each([
    ["https://h/api", "users", "https://h/api/users"],
    ["https://h/api/", "/users", "https://h/api/users"],
    ["https://h", "users?a=1#part", "https://h/users?a=1"],
    ["https://h/api", "", "https://h/api"],
    ["https://h/api/", "", "https://h/api/"],
    ["https://h/api?key=1", "users?a=2", "https://h/api/users?key=1&a=2"],
    ["https://h/api?key=1", "?a=2", "https://h/api?key=1&a=2"],
    ["https://h/api", "//evil.example/x", "https://h/api/evil.example/x"],
    ["https://h/api", "\\\\evil.example", "https://h/api/evil.example"],
    ["https://h/api", "@evil.example", "https://h/api/@evil.example"],
    ["https://h/api", "a/../b", "https://h/api/b"],
    ["https://h/api", "users/jürgen smith", "https://h/api/users/j%C3%BCrgen%20smith"],
    ["https://h/api", "time:now", "https://h/api/time:now"],
    ["https://h/api", "https://other/x", "https://other/x"],
  ])("with %s finds %s at %s", (base, input, expected) => {
    expect(resolveUrl(new URL(base), input).href).toBe(expected);
  });

  it.each(["..", "../b", "..%2f../b", "a%5C..%5Cb", "a/../../b", "../apix"])(
    "does not leave the base by %s",
    (input) => {
      expect(() => resolveUrl(new URL("https://h/api"), input)).toThrow("leads out of the data source's URL");
    },
  );

  it("wants a base for a path", () => {
    expect(() => resolveUrl(undefined, "users")).toThrow("the data source has no URL");
    expect(() => resolveUrl(undefined, "http://[")).toThrow("is not a URL");
  });
});

describe("isOwnOrigin", () => {
  it.each([
    ["https://h/api", "https://h/other", true],
    ["https://h/api", "https://h:444/api", false],
    ["https://h/api", "http://h/api", false],
    ["http://h/api", "https://h/api", true],
    ["http://h:80/api", "https://h:443/api", true],
    ["http://h:8080/api", "https://h/api", false],
    ["http://h/api", "https://h:8443/api", false],
    ["http://h/api", "https://other/api", false],
  ])("of %s: %s %s", (base, url, expected) => {
    expect(isOwnOrigin(new URL(base), new URL(url))).toBe(expected);
  });

  it("is nothing without a base", () => {
    expect(isOwnOrigin(undefined, new URL("https://h/"))).toBe(false);
  });
});
