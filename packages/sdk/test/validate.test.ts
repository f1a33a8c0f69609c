import { formatLogEntry } from "@framewright/protocol";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DownstreamError } from "../src/index.js";
import { parseJson, validate } from "../src/validation/validate.js";

const schema = z.object({
  host: z.string(),
  tls: z.object({ mode: z.enum(["off", "on"]) }),
  port: z.number().default(80),
});

describe("validate", () => {
  it("returns the validator's output, defaults filled in", async () => {
    expect(await validate(schema, { host: "a", tls: { mode: "on" } }, "settings")).toEqual({
      host: "a",
      tls: { mode: "on" },
      port: 80,
    });
  });

  it("names every field that does not fit, with status 400", async () => {
    const error: unknown = await validate(schema, { tls: { mode: "x" } }, "settings").catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DownstreamError);
    expect(error).toMatchObject({ status: 400, source: "downstream" });
    expect(String(error)).toMatch(/settings\.host: .*; settings\.tls\.mode: /);
  });

  it("names no more than twenty of many, each in few words", async () => {
    const texts = z.array(z.string().refine(() => false, "x".repeat(1_000)));
    const error: unknown = await validate(texts, Array(100).fill("a"), "query").catch((thrown: unknown) => thrown);
    const problems = String(error).split("; ");
    expect(problems).toHaveLength(21);
    expect(problems[20]).toBe("and 80 more");
    expect(problems[1]).toMatch(/^query\.1: x+…$/);
    expect(problems[1]?.length).toBe(301);
  });

  it("takes anything where there is no schema", async () => {
    expect(await validate(undefined, 7, "query")).toBe(7);
  });

  it("names the whole when it is no object", async () => {
    await expect(validate(schema, 7, "query")).rejects.toThrow(/^query: /);
  });
});

describe("parseJson", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it("reads no text at all as an empty object", () => {
    expect(parseJson(bytes(""), "settings")).toEqual({});
  });

  it.each(['{"password":"hunter2"', "undefined", "\uFEFF\uFEFF{}"])("refuses %j without repeating it", (text) => {
    expect(() => parseJson(bytes(text), "settings")).toThrow(/^settings: is not valid JSON$/);
  });

  it("keeps the text out of the log too", () => {
    let error: unknown;
    try {
      parseJson(bytes('{"password": hunter2}'), "settings");
    } catch (thrown) {
      error = thrown;
    }
    const line = formatLogEntry({ level: "warn", message: "m", time: undefined, fields: { error } });
    expect(line).toContain("is not valid JSON");
    expect(line).not.toContain("hunter2");
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), "query")).toThrow(DownstreamError);
  });
});
