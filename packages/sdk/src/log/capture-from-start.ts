import { MAGIC_COOKIE_KEY } from "@framewright/protocol";
import { captureConsole } from "./capture-console.js";
import { captureStdout } from "./capture-stdout.js";
import { log } from "./logger.js";

// The first module of this package: what an author's modules print while they load would otherwise come before the
// handshake on stdout. Outside a plugin's process, in a unit test for example, the console stays as it is.
if (process.env[MAGIC_COOKIE_KEY] !== undefined) {
  captureConsole(log);
  captureStdout(log);
}
