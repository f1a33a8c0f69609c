// Run by the compiler's runtime in a process of its own: loads the packages of a backend, waits until the sources are complete,
// and only then loads these. Most of a start is the loading of packages, which do not change from save to save.
import { once } from "node:events";
import { createConnection } from "node:net";
import { pathToFileURL } from "node:url";
import { loadPackages } from "./load-packages.js";
import { warmEnv } from "./warm-env.js";

/** Takes a variable out of the environment, of which the plugin is to know nothing. */
function take(name: string): string {
  const value = process.env[name] ?? "";
  delete process.env[name];
  return value;
}

const entry = take(warmEnv.entry);
const connection = createConnection(take(warmEnv.socket));
// The session is gone, or has no use for this process any longer.
const giveUp = (): void => process.exit(1);
connection.on("close", giveUp);
connection.on("error", giveUp);
const wanted = once(connection, "data");
const hasChanged = await loadPackages(entry, "/sdk/");
await wanted;
if (hasChanged()) {
  giveUp();
}
connection.off("close", giveUp);
connection.destroy();
process.argv[1] = entry;
await import(pathToFileURL(entry).href);
