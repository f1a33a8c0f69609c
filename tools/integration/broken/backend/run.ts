import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import type { Steps } from "./base.js";
import { createServer } from "./create-server.js";

/** How often it is looked whether the host still lives, in ms. */
const PARENT_MS = 200;

/** Runs a plugin. */
export async function run(steps: Steps): Promise<void> {
  const { env } = process;
  const parent = process.ppid;
  if (!steps.knowsCookie(env)) {
    process.stderr.write(steps.refusal);
    process.exit(1);
  }
  steps.beforeHandshake();
  const path = join(steps.socketFolder(env), `plugin${randomBytes(6).toString("hex")}`);
  const end = (): void => {
    // Closing the server removes the socket too.
    if (steps.removesSocket) {
      server.forceShutdown();
      rmSync(path, { force: true });
    }
    process.exit(steps.exitCode);
  };
  // A host that is gone reads no more; the plugin ends of it a moment later.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  process.on("SIGINT", () => steps.interrupted(end));
  process.on("SIGTERM", () => steps.terminated(end));
  setInterval(() => process.ppid === parent || steps.orphaned(end), PARENT_MS).unref();

  const server = createServer(steps, end);
  const { credentials, serverCert } = await security(steps);
  const port = await bind(server, steps.tcpAddress ?? `unix:${path}`, credentials);
  if (steps.tcpAddress === undefined) {
    setPermissions(steps, path);
  }
  const address =
    steps.tcpAddress === undefined ? ["unix", path] : ["tcp", steps.tcpAddress.replace(/\d+$/, `${port}`)];
  const version = steps.chooseVersion(env["PLUGIN_PROTOCOL_VERSIONS"]);
  const fields = [steps.coreVersion, version, ...address, "grpc", steps.sixthField(serverCert)];
  process.stdout.write(`${fields.join("|")}${steps.seventhField(env)}\n`);
  steps.log("info", "listening");
  steps.afterHandshake();
}

async function security(steps: Steps): Promise<{ credentials: ServerCredentials; serverCert: string }> {
  const clientCert = steps.clientCert(process.env);
  if (!clientCert) {
    return { credentials: ServerCredentials.createInsecure(), serverCert: "" };
  }
  const { createCertificate, encodeServerCert } = await import("@framewright/protocol/certificate");
  const { cert, key } = await createCertificate();
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  const root = steps.demandsClientCert ? Buffer.from(clientCert) : null;
  return {
    credentials: ServerCredentials.createSsl(root, [pair], steps.demandsClientCert),
    serverCert: encodeServerCert(cert),
  };
}

async function bind(server: Server, target: string, credentials: ServerCredentials): Promise<number> {
  const umask = process.umask(0o177);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(target, credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  process.umask(umask);
  return port;
}

function setPermissions(steps: Steps, path: string): void {
  const group = process.env["PLUGIN_UNIX_SOCKET_GROUP"];
  chmodSync(path, steps.socketMode);
  if (group && steps.opensToGroup) {
    chownSync(path, -1, Number(group));
    chmodSync(path, 0o660);
  }
}
