import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Docker } from "./find-docker.js";
import { mariadbArguments } from "./mariadb-arguments.js";
import type { MariadbOptions } from "./mariadb-options.js";
import { startInFolder } from "./server-in-folder.js";
import { runProgram } from "./server-process.js";
import type { SqlServer } from "./sql-server.js";

/** The official image, in the version that the tests are known to pass with. */
export const MARIADB_IMAGE = "mariadb:10.11";

/** Where the image's server reads the files that it is given. */
const FILES = "/framewright";

/**
 * Starts a MariaDB server in a container, on a free port of this machine and with a password. The container and its volume are gone when it is
 * stopped, and when this process ends: the attached `docker` command is the process that is watched.
 */
export async function startMariadbInDocker({ program, env }: Docker, options: MariadbOptions): Promise<SqlServer> {
  const container = `framewright-mariadb-${randomBytes(6).toString("hex")}`;
  const { folder, ...started } = await startInFolder({
    name: "MariaDB",
    user: undefined,
    env,
    // Not by a signal to the attached command: whether it hands that on differs between its versions.
    stop: `'${program}' stop -t 10 ${container}`,
    remove: `'${program}' rm --force --volumes ${container}`,
    async prepare({ path, password }) {
      const docker = (...args: readonly string[]): Promise<void> =>
        runProgram(program, args, undefined, { ...env, MARIADB_ROOT_PASSWORD: password });
      const files = join(path, "files");
      await mkdir(files);
      const args = await mariadbArguments(options, password, async (name, text) => {
        // They are copied as they are, and the container's user is another: the folder around them is closed to others here.
        await writeFile(join(files, name), text);
        await chmod(join(files, name), 0o644);
        return `${FILES}/${name}`;
      });
      await chmod(files, 0o755);
      const environment = ["--env", "MARIADB_ROOT_PASSWORD", "--env", "MARIADB_INITDB_SKIP_TZINFO=1"];
      let createdFor: number | undefined;
      return async (port) => {
        if (createdFor !== port) {
          if (createdFor !== undefined) {
            await docker("rm", "--force", "--volumes", container);
          }
          const publish = ["--publish", `127.0.0.1:${port}:3306`];
          await docker("create", "--name", container, ...environment, ...publish, MARIADB_IMAGE, ...args);
          createdFor = port;
          await docker("cp", files, `${container}:${FILES}`);
        }
        return {
          program,
          args: ["start", "--attach", container],
          // Docker takes the port before the server starts, so nobody else answers on it.
          at: { host: "127.0.0.1", port },
          // Docker takes connections before the server does; the server greets.
          isReady: () => true,
        };
      };
    },
  });
  return {
    ...started,
    host: "127.0.0.1",
    user: "framewright",
    password: folder.password,
    database: "framewright",
    socket: undefined,
  };
}
