// A host to be killed: starts the executable named by its argument in its own environment, prints the plugin's process id
// and handshake once there is one, and waits for its end.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [, , executable = ""] = process.argv;
const plugin = spawn(executable, { stdio: ["ignore", "pipe", "pipe"] });
plugin.stderr.resume();
plugin.on("error", () => process.exit(1));
plugin.on("exit", () => process.exit(1));
createInterface({ input: plugin.stdout }).on("line", (line) => {
  if (/^\s*\d+\|/.test(line)) console.log(`${plugin.pid} ${line}`);
});
