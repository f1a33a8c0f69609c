// Started by a test, which kills it: starts a server, says where, and waits.
import { startPostgres } from "@framewright/services";

const server = await startPostgres({});
console.log(typeof server === "string" ? "" : JSON.stringify({ port: server.port, socket: server.socket }));
setInterval(() => {}, 60_000);
