import { randomBytes } from "node:crypto";
import { chown, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onFreePort } from "./free-port.js";
import { removeServer, type ServerCommand, type ServerProcess, serverFolder, startServer } from "./server-process.js";
import type { SystemUser } from "./unprivileged-user.js";
import { type Readiness, untilReady } from "./until-ready.js";

/** A server's own folder, before the server is in it. */
export interface ServerFolder {
  readonly path: string;
  readonly user: SystemUser | undefined;
  /** A password that nobody has guessed. */
  readonly password: string;
  /** Writes a file that the server's user alone may read, and returns its path. */
  write(name: string, text: string): Promise<string>;
}

/** What is run, and how it is seen to be ready. */
export interface Launch extends Pick<ServerCommand, "program" | "args">, Omit<Readiness, "name" | "server"> {}

/** How a server that lives in a folder is started. */
export interface ServerPlan extends Pick<ServerCommand, "env" | "stop" | "remove"> {
  /** For errors and for the folder's name. */
  readonly name: string;
  /** Who it runs as; undefined for who runs this process. */
  readonly user: SystemUser | undefined;
  /** Its port. Default: one that is free. */
  readonly port?: number | undefined;
  /** Fills the folder; what it returns starts the server on a port, the first time and after each stop. */
  prepare(folder: ServerFolder): Promise<(port: number) => Launch | Promise<Launch>>;
}

/** A server that runs in a folder, which is gone when it is stopped. */
export interface ServerInFolder extends AsyncDisposable {
  readonly folder: ServerFolder;
  readonly port: number;
  /** Stops it without asking its callers, and starts it again in its folder. */
  restart(): Promise<void>;
}

/** Starts a server in a temporary folder. @throws Error with what it wrote, if it does not start; then the folder is gone, too */
export async function startInFolder({
  name,
  user,
  port: wanted,
  prepare,
  ...common
}: ServerPlan): Promise<ServerInFolder> {
  const path = await serverFolder(name.toLowerCase(), user);
  const folder: ServerFolder = {
    path,
    user,
    password: randomBytes(12).toString("hex"),
    write: (file, text) => writeFor(user, join(path, file), text),
  };

  /** @throws Error if it does not start; then nothing is left of it */
  async function orRemove<T>(starting: Promise<T>): Promise<T> {
    try {
      return await starting;
    } catch (error) {
      await removeServer({ ...common, folder: path });
      throw error;
    }
  }

  async function startFirst(): Promise<{ port: number; launch: () => Promise<ServerProcess>; server: ServerProcess }> {
    const launchOn = await prepare(folder);
    const startOn = async (port: number) => {
      const launch = async (): Promise<ServerProcess> => {
        // The folder stays where the server ends before it has started.
        const keep = await folder.write("keep", "");
        const { at, hello, isReady, ...command } = await launchOn(port);
        const server = startServer({ ...common, ...command, user, folder: path });
        await untilReady({ name, server, at, ...(hello && { hello }), ...(isReady && { isReady }) });
        await rm(keep);
        return server;
      };
      return { port, launch, server: await launch() };
    };
    return wanted === undefined ? onFreePort(startOn) : startOn(wanted);
  }

  const { port, launch, ...first } = await orRemove(startFirst());
  let { server } = first;
  return {
    folder,
    port,
    async restart() {
      await folder.write("keep", "");
      await server.stop();
      server = await orRemove(launch());
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

async function writeFor(user: SystemUser | undefined, path: string, text: string): Promise<string> {
  await writeFile(path, text, { mode: 0o600 });
  if (user !== undefined) {
    await chown(path, user.uid, user.gid);
  }
  return path;
}
