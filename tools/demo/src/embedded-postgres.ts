import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

/** A PostgreSQL in this process that others reach by TCP. It has one session: one connection at a time, as `postgres`, without TLS. */
export interface EmbeddedPostgres extends AsyncDisposable {
  readonly database: PGlite;
  /** `host:port` */
  readonly address: string;
}

/**
 * Starts an empty PostgreSQL that is kept in memory and listens on this machine only.
 *
 * @param port a free one unless given
 * @throws Error with the system's words where the port is taken
 */
export async function startEmbeddedPostgres(port = 0): Promise<EmbeddedPostgres> {
  const database = await openEmpty();
  const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port });
  try {
    await server.start();
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    database,
    address: server.getServerConn(),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await database.close();
    },
  };
}

/** Initialising a database takes PGlite several seconds, and loading an initialised one takes it one: so that is kept. */
async function openEmpty(): Promise<PGlite> {
  const cache = fileURLToPath(new URL("../.cache/", import.meta.url));
  const file = join(cache, `pglite-${await pgliteVersion()}.tar`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined) {
    return PGlite.create({ loadDataDir: new Blob([kept]) });
  }
  console.log("Initialising a PostgreSQL database takes some seconds; the next run has it.\n");
  const database = await PGlite.create();
  const dump = await database.dumpDataDir("none");
  await mkdir(cache, { recursive: true });
  // Under its name there is only ever a whole one, whatever else runs or was killed.
  const part = `${file}.${process.pid}`;
  await writeFile(part, Buffer.from(await dump.arrayBuffer()));
  await rename(part, file);
  return database;
}

async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest: unknown = JSON.parse(await readFile(join(dirname(entry), "..", "package.json"), "utf8"));
  return String(typeof manifest === "object" && manifest !== null && Reflect.get(manifest, "version"));
}
