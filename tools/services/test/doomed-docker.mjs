// Started by a test, which kills it: starts a server in a container, says so, and waits.
import { findDocker } from "../dist/find-docker.js";
import { MARIADB_IMAGE, startMariadbInDocker } from "../dist/start-mariadb-in-docker.js";

const docker = await findDocker(MARIADB_IMAGE);
const server = typeof docker === "string" ? undefined : await startMariadbInDocker(docker, {});
console.log(server?.port);
setInterval(() => {}, 60_000);
