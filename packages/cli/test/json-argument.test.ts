import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readObjectArgument, readSecretArgument } from "../src/json-argument.js";

describe("a JSON argument", () => {
  it("is the text or a file's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "framewright-cli-"));
    try {
      await writeFile(join(folder, "s.json"), '{"a":1}');
      expect(await readObjectArgument('{"a":1}', "--settings")).toEqual({ a: 1 });
      expect(await readObjectArgument(`@${join(folder, "s.json")}`, "--settings")).toEqual({ a: 1 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says what is wrong", async () => {
    await expect(readObjectArgument("{", "--settings")).rejects.toThrow(/^--settings is not JSON: /);
    await expect(readObjectArgument("[]", "--settings")).rejects.toThrow("--settings must be a JSON object");
    await expect(readObjectArgument("@/no/such.json", "--settings")).rejects.toThrow(/^the file of --settings cannot/);
  });

  it("never shows a secret", async () => {
    expect(await readSecretArgument('{"token":"s3cr3t"}', "--secure")).toEqual({ token: "s3cr3t" });
    await expect(readSecretArgument("s3cr3t", "--secure")).rejects.toThrow(/^--secure is not JSON$/);
    await expect(readSecretArgument('{"token":["s3cr3t"]}', "--secure")).rejects.toThrow(
      /^--secure: "token" must be a text$/,
    );
  });
});
