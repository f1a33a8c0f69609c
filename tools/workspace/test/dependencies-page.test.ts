import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { externalDependencies, listedDependencies, requiredGoModules } from "../src/dependencies-page.mjs";
import { root } from "../src/root.mjs";

it("reads the names in the first cell of each row", () => {
  const page = ["| Name | Why |", "| --- | --- |", "| `b`, `@a/b` | `not this` |", "text with `code`"].join("\n");
  expect(listedDependencies(page)).toEqual(["@a/b", "b"]);
});

it("reads the direct requirements of a go.mod", () => {
  const goMod = ["module a/b", "", "go 1.26.5", "", "require c/d v1.0.0", "", "require (", "\te/f v2.0.0"];
  expect(requiredGoModules([...goMod, "\tg/h v0.1.0 // indirect", ")"].join("\n"))).toEqual(["c/d", "e/f"]);
});

it("docs/dependencies.md lists every dependency of the workspace, and none besides", () => {
  const page = readFileSync(path.join(root, "docs", "dependencies.md"), "utf8");
  expect(listedDependencies(page)).toEqual(externalDependencies());
});
