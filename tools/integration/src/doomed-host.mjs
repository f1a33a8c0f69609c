// A host for the tests to kill: starts the plugin named first with its socket in the folder named second, prints the
// plugin's pid and waits.
import { startPlugin } from "@framewright/host";

const [executable = "", folder = ""] = process.argv.slice(2);
const plugin = await startPlugin({ executable, env: { PLUGIN_UNIX_SOCKET_DIR: folder } });
console.log(plugin.pid);
await plugin.exited;
