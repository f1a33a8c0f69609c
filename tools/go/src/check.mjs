// @ts-check
// gofmt, go vet and go test over the whole module. Exit code 69 (EX_UNAVAILABLE of sysexits.h) says that it could not be checked here.
import { spawnSync } from "node:child_process";
import { go, missingGo } from "./go.mjs";
import { moduleFolder } from "./module-folder.mjs";

const reason = missingGo();
if (reason !== undefined) {
  console.log(`tools/go was not checked: ${reason}`);
  process.exitCode = 69;
} else {
  const unformatted = spawnSync("gofmt", ["-l", "cmd", "internal"], { cwd: moduleFolder, encoding: "utf8" });
  if (unformatted.error !== undefined || unformatted.status !== 0) {
    console.error(`gofmt failed: ${unformatted.error?.message ?? unformatted.stderr.trim()}`);
    process.exitCode = 1;
  } else if (unformatted.stdout !== "") {
    console.error(
      `Not formatted as gofmt does it; run "gofmt -w cmd internal" in tools/go:\n${unformatted.stdout.trim()}`,
    );
    process.exitCode = 1;
  }
  for (const command of ["vet", "test"]) {
    const { status, stdout, stderr } = go(command, "./...");
    if (status !== 0) {
      console.error(`go ${command}:\n${(stdout + stderr).trim()}`);
      process.exitCode = 1;
    }
  }
}
