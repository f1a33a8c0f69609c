// @ts-check
// Builds every program under cmd/ into bin/. Without Go it says so and leaves no bin/ behind: what needs the programs is
// then skipped, which CI does not accept.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { goEnvironment, missingGo } from "./go.mjs";
import { moduleFolder } from "./module-folder.mjs";

const bin = join(moduleFolder, "bin");

const reason = missingGo();
if (reason === undefined) {
  build();
} else {
  rmSync(bin, { recursive: true, force: true });
  const ci = !["", "0", "false"].includes(process.env["CI"] ?? "");
  console.error(
    `NOT BUILT: the programs of tools/go, so what is compared with the official Go SDK is skipped: ${reason}`,
  );
  process.exitCode = ci ? 1 : 0;
}

function build() {
  const programs = readdirSync(join(moduleFolder, "cmd"));
  console.log(`go build: ${programs.join(", ")}; the first time Go fetches and compiles its modules`);
  const started = Date.now();
  // Only what cmd/ has today may lie there. Go itself leaves alone what is current.
  mkdirSync(bin, { recursive: true });
  for (const file of readdirSync(bin)) {
    if (!programs.includes(file.replace(/\.exe$/, ""))) {
      rmSync(join(bin, file), { recursive: true });
    }
  }
  const { status, error } = spawnSync("go", ["build", "-trimpath", "-o", bin + sep, "./cmd/..."], {
    cwd: moduleFolder,
    env: goEnvironment(),
    stdio: "inherit",
  });
  if (error !== undefined) {
    throw error;
  }
  if (status === 0) {
    console.log(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  process.exitCode = status ?? 1;
}
