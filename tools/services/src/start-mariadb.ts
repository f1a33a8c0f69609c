import { join } from "node:path";
import { findDocker } from "./find-docker.js";
import { findProgram } from "./find-program.js";
import { mariadbArguments } from "./mariadb-arguments.js";
import type { MariadbOptions } from "./mariadb-options.js";
import { startInFolder } from "./server-in-folder.js";
import { runProgram } from "./server-process.js";
import { missingServer, type SqlServer, serverOfUrl } from "./sql-server.js";
import { MARIADB_IMAGE, startMariadbInDocker } from "./start-mariadb-in-docker.js";
import { unprivilegedUser } from "./unprivileged-user.js";

/**
 * Starts a MariaDB server in a temporary folder, on a free port of this machine and with a password: the one that is installed, else Docker's. Or,
 * where no options are given and `FRAMEWRIGHT_MYSQL_URL` names a server, takes that. Its durability is off: nothing it holds is to last.
 *
 * @returns in words why there is none
 * @throws Error on CI, where there must be one, and if a server does not start
 */
export async function startMariadb(options?: MariadbOptions): Promise<SqlServer | string> {
  const named = options === undefined ? serverOfUrl("FRAMEWRIGHT_MYSQL_URL", 3306) : undefined;
  if (named !== undefined) {
    return named;
  }
  const [server, install] = await Promise.all([findProgram("mariadbd"), findProgram("mariadb-install-db")]);
  if (server !== undefined && install !== undefined) {
    return startOwnMariadb(server, install, options ?? {});
  }
  const docker = await findDocker(MARIADB_IMAGE);
  if (typeof docker !== "string") {
    return startMariadbInDocker(docker, options ?? {});
  }
  const remedy = `install it (Debian: mariadb-server-core and mariadb-client-core), or Docker with a running engine (now: ${docker})`;
  return missingServer("MariaDB", remedy, options === undefined ? "FRAMEWRIGHT_MYSQL_URL" : undefined);
}

async function startOwnMariadb(program: string, install: string, options: MariadbOptions): Promise<SqlServer> {
  const socketIn = (folder: string): string => join(folder, "mariadb.sock");
  const { folder, ...started } = await startInFolder({
    name: "MariaDB",
    user: await unprivilegedUser("mysql"),
    stop: `kill -TERM "$server"`,
    async prepare({ path, user, password, write }) {
      const own = ["--no-defaults", `--datadir=${join(path, "data")}`];
      await runProgram(install, [...own, "--skip-test-db", "--auth-root-authentication-method=normal"], user);
      const places = [`--socket=${socketIn(path)}`, `--tmpdir=${path}`, "--bind-address=127.0.0.1"];
      const args = [...own, ...places, ...(await mariadbArguments(options, password, write))];
      return (port) => ({
        program,
        args: [...args, `--port=${port}`],
        at: { path: socketIn(path) },
        // It greets whoever connects, but only once its first statements have run.
        isReady: () => true,
      });
    },
  });
  return {
    ...started,
    host: "127.0.0.1",
    user: "framewright",
    password: folder.password,
    database: "framewright",
    socket: socketIn(folder.path),
  };
}
