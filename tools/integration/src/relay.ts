import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listen, type RunningServer } from "./data-server.js";

/** What becomes of the bytes between a client and its server. */
export interface RelayRules {
  /** New connections are closed at once. */
  refuses?: boolean;
  /** Nothing goes through any more, and no connection ends. */
  isStalled?: boolean;
  /** How long what the server sends is under way, in ms, given a connection's bytes so far. */
  delayMs?: (before: Buffer) => number;
  /** Replaces what the server sends, given a connection's bytes so far and the new ones; `undefined` lets nothing through. */
  rewrite?: (before: Buffer, chunk: Buffer) => Buffer | undefined;
  /** Replaces what the client sends. */
  rewriteAsked?: (chunk: Buffer) => Buffer;
}

/** A network between a client and a server that does what a test wants. */
export interface Relay extends RunningServer {
  readonly rules: RelayRules;
  /** The connections of clients that are open, counted from 1. */
  open(): readonly number[];
}

/** Starts a relay to a port of this machine. */
export async function startRelay(port: number, rules: RelayRules = {}): Promise<Relay> {
  const open = new Map<Socket, number>();
  let connections = 0;
  const server = createServer((client) => {
    if (rules.refuses) {
      client.destroy();
      return;
    }
    open.set(client, ++connections);
    const upstream = connect(port, "127.0.0.1");
    let before = Buffer.alloc(0);
    upstream.on("error", () => client.destroy());
    client.on("data", (chunk: Buffer) => {
      if (!rules.isStalled) {
        upstream.write(rules.rewriteAsked?.(chunk) ?? chunk);
      }
    });
    upstream.on("data", async (chunk: Buffer) => {
      const sent = rules.rewrite === undefined ? chunk : rules.rewrite(before, chunk);
      const delayMs = rules.delayMs?.(before) ?? 0;
      before = Buffer.concat([before, chunk]);
      await delay(delayMs);
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
  return Object.assign(await listen(server), { rules, open: () => [...open.values()] });
}
