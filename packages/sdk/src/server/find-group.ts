import { readFile } from "node:fs/promises";
import { ListenAddressError } from "./listen-address.js";

/**
 * The number of a group of this machine.
 *
 * @param group its number, or its name in `/etc/group`
 * @throws ListenAddressError when there is no group of that name
 */
export async function findGroup(group: string): Promise<number> {
  if (/^\d+$/.test(group)) {
    return Number(group);
  }
  const lines = (await readFile("/etc/group", "utf8")).split("\n");
  const entry = lines.map((line) => line.split(":")).find(([name]) => name === group);
  const id = entry?.[2];
  if (id === undefined) {
    throw new ListenAddressError(
      `no group is called ${JSON.stringify(group)}; name one of /etc/group, or give its number`,
    );
  }
  return Number(id);
}
