import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { externalDependencies, listedDependencies } from "../src/dependencies-page.mjs";
import { root } from "../src/root.mjs";

it("reads the names in the first cell of each row", () => {
  const page = ["| Name | Why |", "| --- | --- |", "| `b`, `@a/b` | `not this` |", "text with `code`"].join("\n");
  expect(listedDependencies(page)).toEqual(["@a/b", "b"]);
});

it("docs/dependencies.md lists every dependency of the workspace, and none besides", () => {
  const page = readFileSync(path.join(root, "docs", "dependencies.md"), "utf8");
  expect(listedDependencies(page)).toEqual(externalDependencies());
});
