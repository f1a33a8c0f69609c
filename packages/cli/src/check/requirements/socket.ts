import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { CheckContext } from "../check-context.js";
import type { RequirementGroup } from "../requirement.js";
import { sources } from "../sources.js";
import { failed, NotApplicable, notApplicable, passed } from "../verdict.js";

/** Write permission of group and others: on a socket it is the right to connect. */
const WRITABLE_BY_OTHERS = 0o022;

/** Where a plugin listens, and who may connect. */
export const socket: RequirementGroup = {
  name: "Address",
  requirements: [
    {
      id: "A1",
      title: "The socket lies in PLUGIN_UNIX_SOCKET_DIR",
      source: sources.server,
      needs: ["H5"],
      async run(context) {
        const path = await socketPath(context);
        const folder = await context.socketFolder();
        return dirname(path) === folder ? passed() : failed(`a socket in ${folder}`, path);
      },
    },
    {
      id: "A2",
      title: "Nobody but its owner can connect to the socket",
      source: sources.server,
      needs: ["H5"],
      async run(context) {
        const { mode } = await stat(await socketPath(context));
        const text = `mode ${(mode & 0o777).toString(8)}`;
        return (mode & WRITABLE_BY_OTHERS) === 0
          ? passed(text)
          : failed("no right to write for group and others", text);
      },
    },
    {
      id: "A3",
      title: "The group in PLUGIN_UNIX_SOCKET_GROUP can connect as well",
      source: sources.server,
      level: "recommended",
      needs: ["A2"],
      async run(context) {
        const group = process.getgid?.();
        if (group === undefined) return notApplicable("this system has no groups");
        const { handshake } = await context.start({ PLUGIN_UNIX_SOCKET_GROUP: String(group) });
        const { mode, gid } = await stat(handshake.address);
        const text = `group ${gid}, mode ${(mode & 0o777).toString(8)}`;
        const right = gid === group && (mode & WRITABLE_BY_OTHERS) === 0o020;
        return right ? passed(text) : failed(`group ${group} with the right to write, and others without`, text);
      },
    },
    {
      id: "A4",
      title: "A TCP address is this machine's own, with a port from PLUGIN_MIN_PORT to PLUGIN_MAX_PORT",
      source: sources.server,
      needs: ["H5"],
      async run(context) {
        const { network, address } = await (await context.shared()).handshake();
        if (network !== "tcp") return notApplicable("it listens on a Unix socket");
        const env = await context.environment();
        const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
        const inRange =
          Number(port) >= Number(env["PLUGIN_MIN_PORT"]) && Number(port) <= Number(env["PLUGIN_MAX_PORT"]);
        const local = host === "127.0.0.1" || host === "[::1]" || host === "localhost";
        const expected = `127.0.0.1 and a port from ${env["PLUGIN_MIN_PORT"]} to ${env["PLUGIN_MAX_PORT"]}`;
        return inRange && local ? passed(address) : failed(expected, address);
      },
    },
  ],
};

async function socketPath(context: CheckContext): Promise<string> {
  const { network, address } = await (await context.shared()).handshake();
  if (network !== "unix") throw new NotApplicable(`it listens on TCP, at ${address}`);
  return address;
}
