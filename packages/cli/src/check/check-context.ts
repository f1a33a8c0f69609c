import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  connectPlugin,
  type Handshake,
  type PluginConnection,
  type PluginContextInput,
  pluginEnvironment,
} from "@framewright/host";
import { messageOf } from "../failure.js";
import { type LaunchedPlugin, launch } from "./launched-plugin.js";
import { NotApplicable } from "./verdict.js";

/** What is checked. */
export interface CheckTarget {
  readonly executable: string;
  /** Sent along with every call. */
  readonly context: PluginContextInput;
  /** Queries that the plugin can answer, without their refIds; at least one. */
  readonly queries: readonly [Readonly<Record<string, unknown>>, ...Readonly<Record<string, unknown>>[]];
}

/** A plugin that has shaken hands, and a connection to it. */
export interface Session extends PluginConnection {
  readonly launched: LaunchedPlugin;
  readonly handshake: Handshake;
}

/** How long a plugin that fails a requirement may take to be gone, in ms. */
const SETTLE_MS = 100;

/** What requirements look through. */
export class CheckContext {
  readonly target: CheckTarget;
  /** Every process that was started as a host starts it, for what is to be said of all output. */
  readonly processes: LaunchedPlugin[] = [];
  #socketFolder: string | undefined;
  #shared: LaunchedPlugin | undefined;
  #session: Session | undefined;
  readonly #own = new Set<{ end(): Promise<void> }>();
  readonly #kept = new Set<{ end(): Promise<void> }>();
  #ended = false;
  readonly #once = new Map<unknown, unknown>();

  constructor(target: CheckTarget) {
    this.target = target;
  }

  /** The folder that plugins are told to put their sockets in; nothing else is in it. */
  async socketFolder(): Promise<string> {
    // A socket's path may have about 100 bytes, so the folder's is kept short.
    this.#socketFolder ??= await mkdtemp(join(tmpdir(), "fw-"));
    return this.#socketFolder;
  }

  /**
   * Starts the executable as a host does.
   *
   * @param env added to the handshake's variables; `undefined` takes one away
   * @param life whether the process is ended with the requirement or with the whole check
   */
  async launch(
    env: Readonly<Record<string, string | undefined>> = {},
    life: "requirement" | "check" = "requirement",
  ): Promise<LaunchedPlugin> {
    const launched = await this.#launch(env);
    (life === "check" ? this.#kept : this.#own).add({ end: () => launched.kill() });
    if (!("grafana_plugin_type" in env)) this.processes.push(launched);
    return launched;
  }

  /**
   * Starts the executable, waits for its handshake and connects. It is ended with the requirement.
   *
   * @throws NotApplicable when there is no handshake to connect by: the handshake's own requirements say what is wrong
   */
  async start(env: Readonly<Record<string, string>> = {}): Promise<Session> {
    await this.session();
    const session = await connectTo(await this.launch(env));
    this.#own.add({ end: async () => session[Symbol.dispose]() });
    return session;
  }

  async #launch(env: Readonly<Record<string, string | undefined>> = {}): Promise<LaunchedPlugin> {
    const launched = await launch(this.target.executable, await this.environment(env));
    if (this.#ended) {
      await launched.kill();
      throw new Error("the check has ended");
    }
    return launched;
  }

  /** What `make` made when it was first asked for, so that several requirements can look at it. */
  once<T>(make: (context: CheckContext) => Promise<T>): Promise<T> {
    const made = (this.#once.get(make) as Promise<T> | undefined) ?? make(this);
    this.#once.set(make, made);
    return made;
  }

  /** The process that requirements share, started as a host starts it. It is another one after one that has ended. */
  async shared(): Promise<LaunchedPlugin> {
    if (this.#shared === undefined || (await this.#shared.exitWithin(0)) !== undefined) {
      this.#session?.[Symbol.dispose]();
      this.#session = undefined;
      this.#shared = await this.#launch();
      this.processes.push(this.#shared);
    }
    return this.#shared;
  }

  /**
   * A connection to the shared process.
   *
   * @throws NotApplicable as {@link CheckContext.start} does
   */
  async session(): Promise<Session> {
    const launched = await this.shared();
    this.#session ??= await connectTo(launched);
    return this.#session;
  }

  /** Waits until a shared process that is just about to end has ended, so that the next requirement gets another. */
  async settle(): Promise<void> {
    await this.#shared?.exitWithin(SETTLE_MS);
  }

  /**
   * The environment in which a host starts the plugin.
   *
   * @param changes what is different; `undefined` takes a variable away
   */
  async environment(changes: Readonly<Record<string, string | undefined>> = {}): Promise<Record<string, string>> {
    const whole = { ...pluginEnvironment({ PLUGIN_UNIX_SOCKET_DIR: await this.socketFolder() }), ...changes };
    return Object.fromEntries(
      Object.entries(whole).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    );
  }

  /** Ends what one requirement started. */
  async endOwn(): Promise<void> {
    const own = [...this.#own];
    this.#own.clear();
    await Promise.all(own.map((task) => task.end()));
  }

  /** Ends everything, and removes the folder. */
  async end(): Promise<void> {
    // A requirement that has run out of time may still be starting something.
    this.#ended = true;
    await this.endOwn();
    await Promise.all([...this.#kept].map((task) => task.end()));
    this.#session?.[Symbol.dispose]();
    await this.#shared?.kill();
    // A plugin that ignores the folder leaves its socket elsewhere.
    for (const launched of this.processes) {
      const handshake = await launched.handshake().catch(() => undefined);
      if (handshake?.network === "unix") await rm(handshake.address, { force: true });
    }
    if (this.#socketFolder !== undefined) await rm(this.#socketFolder, { recursive: true, force: true });
  }
}

async function connectTo(launched: LaunchedPlugin): Promise<Session> {
  try {
    const handshake = await launched.handshake();
    return { ...connectPlugin(handshake), launched, handshake };
  } catch (error) {
    throw new NotApplicable(`there is no handshake to connect by: ${messageOf(error)}`);
  }
}
