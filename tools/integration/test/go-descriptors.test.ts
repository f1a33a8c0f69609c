import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { missingGo, runGoTool } from "../src/go-tools.js";
import { temporaryFolder } from "../src/temporary-folder.js";

const proto = fileURLToPath(new URL("../../../proto", import.meta.url));
const descriptorSet = fileURLToPath(new URL("../../proto/src/descriptor-set.mjs", import.meta.url));

const reason = missingGo();
if (reason !== undefined) {
  console.warn(`SKIPPED: proto/ was not compared with the official descriptors: ${reason}`);
}

interface Report {
  readonly packages: readonly string[];
  readonly compared: number;
  readonly differences: readonly { what: string; ours: string | null; official: string | null }[];
}

describe.skipIf(reason !== undefined)("proto/, held against what the official Go code was generated from", () => {
  test("has the same services, methods, messages, fields and enums, and no others", async () => {
    const report = await compare(proto);
    expect(report.differences).toEqual([]);
    expect(report.packages).toEqual(expect.arrayContaining(["grpc.health.v1", "plugin", "pluginv2"]));
    expect(report.compared).toBeGreaterThan(250);
  });

  test("would not pass with a field renumbered, one missing, one more, and a stream that is none", async () => {
    await using folder = await temporaryFolder();
    const copy = join(folder.path, "proto");
    await cp(proto, copy, { recursive: true });
    await change(
      join(copy, "pluginv2", "admission.proto"),
      "bytes object_bytes = 4;\n  // The object as",
      "bytes object_bytes = 6;\n  // The object as",
    );
    await change(join(copy, "plugin", "broker.proto"), "  Knock knock = 4;\n", "");
    await change(
      join(copy, "plugin", "controller.proto"),
      "message Empty {}",
      "message Empty {\n  bool really = 1;\n}",
    );
    await change(join(copy, "plugin", "stdio.proto"), "(stream StdioData)", "(StdioData)");
    const { differences } = await compare(copy);
    expect(differences.map(({ what }) => what)).toEqual([
      "field plugin.ConnInfo.knock",
      "field plugin.Empty.really",
      "field pluginv2.AdmissionRequest.object_bytes",
      "method plugin.GRPCStdio.StreamStdio",
    ]);
  });
});

async function compare(folder: string): Promise<Report> {
  await using temporary = await temporaryFolder();
  const file = join(temporary.path, "descriptors.binpb");
  await promisify(execFile)(process.execPath, [descriptorSet, file, folder]);
  return JSON.parse((await runGoTool("descriptors", "compare", file)).toString());
}

async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, "utf8");
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}
