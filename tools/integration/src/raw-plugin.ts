import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  type Handshake,
  type LogEntry,
  MAGIC_COOKIE_KEY,
  MAGIC_COOKIE_VALUE,
  parseHandshake,
  parseLogEntry,
} from "@framewright/protocol";
import { type ChannelCredentials, type ChannelOptions, Client, credentials } from "@grpc/grpc-js";

/** A plugin's process that was started without any of our host's code, and what it said. */
export interface RawPlugin extends AsyncDisposable {
  readonly pid: number;
  /** The first line on stdout, as it was printed. */
  readonly line: string;
  readonly handshake: Handshake;
  /** A connection without TLS. */
  readonly client: Client;
  /** What came on stdout after the handshake. */
  readonly stdout: readonly string[];
  readonly logs: readonly LogEntry[];
  /** Lines on stderr that are no hclog JSON. */
  readonly noise: readonly string[];
  readonly exited: Promise<Exit>;
  /** Opens a further connection, which is closed with the plugin. */
  connect(credentials?: ChannelCredentials, options?: ChannelOptions): Client;
  logged(message: string): LogEntry | undefined;
  kill(signal: NodeJS.Signals): void;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a host would set, and nothing else. */
export const hostEnv = { [MAGIC_COOKIE_KEY]: MAGIC_COOKIE_VALUE, PLUGIN_PROTOCOL_VERSIONS: "2" };

/** Starts a plugin and waits for its handshake; disposing kills it. */
export async function startRaw(
  executable: string,
  env: Readonly<Record<string, string>> = hostEnv,
  args: readonly string[] = [],
): Promise<RawPlugin> {
  const child = spawn(executable, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const logs: LogEntry[] = [];
  const noise: string[] = [];
  const stdout: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    const entry = parseLogEntry(line);
    if (entry === undefined) {
      noise.push(line);
    } else {
      logs.push(entry);
    }
  });
  const lines = createInterface({ input: child.stdout });
  const exited = exitOf(child);
  const line = await Promise.race([
    once(lines, "line").then(([first]) => String(first)),
    exited.then(({ code }) => {
      throw new Error(`exited with ${code} before its handshake: ${[...logs.map(describe), ...noise].join("\n")}`);
    }),
  ]);
  lines.on("line", (next) => stdout.push(next));
  const handshake = parseHandshake(line);
  const clients: Client[] = [];
  const connect = (as = credentials.createInsecure(), options: ChannelOptions = {}): Client => {
    const target = handshake.network === "unix" ? `unix:${handshake.address}` : handshake.address;
    const client = new Client(target, as, {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
      "grpc.default_authority": "localhost",
      // Each of these clients is to have a connection of its own.
      "grpc.use_local_subchannel_pool": 1,
      ...options,
    });
    clients.push(client);
    return client;
  };
  return {
    pid: child.pid ?? 0,
    line,
    handshake,
    client: connect(),
    stdout,
    logs,
    noise,
    exited,
    connect,
    logged: (message) => logs.find((entry) => entry.message === message),
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      for (const client of clients) {
        client.close();
      }
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  const [code, signal] = await once(child, "close");
  return { code, signal };
}

function describe({ message, fields }: LogEntry): string {
  return [message, ...Object.values(fields).map(String)].join(" ");
}
