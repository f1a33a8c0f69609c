// A host for the tests to kill: starts so many plugins of the executable named first with their sockets in the folder named
// second, has each answer a query, and prints their pids once all are at work.
import { startPlugin } from "@framewright/host";

const [executable = "", folder = "", count = "1", context = "{}", query = "{}"] = process.argv.slice(2);
const plugins = await Promise.all(
  Array.from({ length: Number(count) }, () => startPlugin({ executable, env: { PLUGIN_UNIX_SOCKET_DIR: folder } })),
);
for (const plugin of plugins) {
  plugin
    .queryData({ context: JSON.parse(context), queries: [{ refId: "A", json: JSON.parse(query) }] })
    .catch(() => {});
}
setTimeout(() => console.log(JSON.stringify(plugins.map(({ pid }) => pid))), 300);
await Promise.all(plugins.map(({ exited }) => exited));
