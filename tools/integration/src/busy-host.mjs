// A host for the tests to kill in the middle of its work: starts every plugin named after the folder for their sockets, has a
// query and a stream under way in each, prints the plugins' process ids and waits.
import { startPlugin } from "@framewright/host";

const [folder = "", ...executables] = process.argv.slice(2);
const context = { pluginId: "killed", dataSource: { uid: "killed", name: "Killed" } };

async function keepBusy(executable) {
  const plugin = await startPlugin({ executable, env: { PLUGIN_UNIX_SOCKET_DIR: folder } });
  void plugin.queryData({ context, queries: [{ refId: "A", json: { sleepMs: 60_000 } }] });
  const messages = plugin.runStream({ context, path: "ticks" })[Symbol.asyncIterator]();
  // With its first message both calls have arrived.
  await messages.next();
  void (async () => {
    while (!(await messages.next()).done);
  })();
  return plugin.pid;
}

const pids = await Promise.all(executables.map(keepBusy));
console.log(pids.join(" "));
