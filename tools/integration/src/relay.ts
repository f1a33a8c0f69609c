import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listen, type RunningServer } from "./data-server.js";

/** What becomes of the bytes between a client and its server. */
export interface RelayRules {
  /** New connections are closed at once. */
  refuses?: boolean;
  /** Nothing goes through any more, and no connection ends. */
  isStalled?: boolean;
  /** How long what the server sends is under way, in ms. */
  delayMs?: number;
  /** Replaces what the server sends, given a connection's bytes so far and the new ones; `undefined` lets nothing through. */
  rewrite?: (before: Buffer, chunk: Buffer) => Buffer | undefined;
}

/** A network between a client and a server that does what a test wants. */
export interface Relay extends RunningServer {
  readonly rules: RelayRules;
  /** How many connections of clients are open. */
  open(): number;
}

/** Starts a relay to a port of this machine. */
export async function startRelay(port: number, rules: RelayRules = {}): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (rules.refuses) {
      client.destroy();
      return;
    }
    open.add(client);
    const upstream = connect(port, "127.0.0.1");
    let before = Buffer.alloc(0);
    upstream.on("error", () => client.destroy());
    client.on("data", (chunk: Buffer) => {
      if (!rules.isStalled) {
        upstream.write(chunk);
      }
    });
    upstream.on("data", async (chunk: Buffer) => {
      if (rules.delayMs !== undefined) {
        await delay(rules.delayMs);
      }
      const sent = rules.rewrite === undefined ? chunk : rules.rewrite(before, chunk);
      before = Buffer.concat([before, chunk]);
      if (sent !== undefined && !rules.isStalled && client.writable) {
        client.write(sent);
      }
    });
    client.on("close", () => {
      open.delete(client);
      upstream.destroy();
    });
    upstream.on("close", () => client.destroy());
  });
  return Object.assign(await listen(server), { rules, open: () => open.size });
}
