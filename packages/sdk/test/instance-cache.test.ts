import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createInstanceCache,
  type InstanceCache,
  type InstanceKey,
  type Opening,
} from "../src/instances/instance-cache.js";

interface Client {
  readonly revision: string;
  disposed: number;
  dispose(): void;
}

function client(revision: string): Client {
  return {
    revision,
    disposed: 0,
    dispose() {
      this.disposed++;
    },
  };
}

const { signal } = new AbortController();
const never = new Promise<never>(() => {});

function key(updated: number, id = "a", grafanaConfig: Readonly<Record<string, string>> = {}): InstanceKey {
  return { id, updated: BigInt(updated), grafanaConfig: new Map(Object.entries(grafanaConfig)) };
}

let active = 0;

function newCache<I>(idleMs = Number.POSITIVE_INFINITY, onDisposeError = fail): InstanceCache<I> {
  return createInstanceCache<I>({ idleMs, onDisposeError, onActive: (change) => (active += change) });
}

/** Runs `work` with an instance and gives it back, as the handlers do. */
async function use<I, T>(
  cache: InstanceCache<I>,
  key: InstanceKey,
  open: (opening: Opening) => Promise<I>,
  work: (instance: I) => T | Promise<T>,
): Promise<T> {
  const lease = await cache.acquire(key, open, signal);
  try {
    return await work(lease.instance);
  } finally {
    lease.release();
  }
}

const it1 = async (): Promise<Client> => client("1");
const it2 = async (): Promise<Client> => client("2");
const same = <I>(instance: I): I => instance;

function fail(error: unknown): never {
  throw error;
}

describe("createInstanceCache", () => {
  it("opens once for concurrent first calls", async () => {
    const cache = newCache<Client>();
    const open = vi.fn(it1);
    const used = await Promise.all([1, 2, 3].map(() => use(cache, key(1), open, same)));
    expect(open).toHaveBeenCalledTimes(1);
    expect(new Set(used).size).toBe(1);
  });

  it("keeps data sources apart", async () => {
    const cache = newCache<Client>();
    expect(await use(cache, key(1, "a"), it1, same)).not.toBe(await use(cache, key(1, "b"), it1, same));
  });

  it("forgets an open that failed, for all who waited for it", async () => {
    const cache = newCache<Client>();
    const refuse = vi.fn(() => Promise.reject(new Error("refused")));
    const refused = await Promise.allSettled([1, 2].map(() => use(cache, key(1), refuse, same)));
    expect(refused.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(refuse).toHaveBeenCalledTimes(1);
    expect((await use(cache, key(1), it1, same)).revision).toBe("1");
  });

  it("opens a new instance for other settings and disposes the old one when its calls are done", async () => {
    const cache = newCache<Client>();
    const running = await cache.acquire(key(1), it1, signal);
    const fresh = await use(cache, key(2), it2, same);
    expect(fresh.revision).toBe("2");
    await setTimeout(300);
    expect(running.instance.disposed).toBe(0);
    running.release();
    running.release();
    await vi.waitFor(() => expect(running.instance.disposed).toBe(1));
    expect(fresh.disposed).toBe(0);
  });

  it("disposes everything at the end, by whichever way an instance offers", async () => {
    const cache = newCache<object>();
    const closed: string[] = [];
    const instances: object[] = [
      { dispose: () => closed.push("dispose") },
      { [Symbol.dispose]: () => closed.push("Symbol.dispose") },
      { [Symbol.asyncDispose]: async () => closed.push("Symbol.asyncDispose"), dispose: () => closed.push("wrong") },
      {},
    ];
    for (const [index, instance] of instances.entries()) {
      await use(cache, key(1, String(index)), async () => instance, same);
    }
    await cache.dispose();
    expect(closed.sort()).toEqual(["Symbol.asyncDispose", "Symbol.dispose", "dispose"]);
  });

  it("does not wait for calls at the end, nor open anything after it", async () => {
    const cache = newCache<Client>();
    const [old, current] = [client("1"), client("2")];
    await cache.acquire(key(1), async () => old, signal);
    await cache.acquire(key(2), async () => current, signal);
    await cache.dispose();
    expect([old.disposed, current.disposed]).toEqual([1, 1]);
    const open = vi.fn(it1);
    await expect(cache.acquire(key(3), open, signal)).rejects.toThrow("the plugin is ending");
    expect(open).not.toHaveBeenCalled();
  });

  it("reports a dispose that throws and goes on", async () => {
    const errors: unknown[] = [];
    const cache = newCache<object>(Number.POSITIVE_INFINITY, (error) => errors.push(error) as never);
    const broken = {
      dispose() {
        throw new Error("stuck");
      },
    };
    const good = client("1");
    await use(cache, key(1, "a"), async () => broken, same);
    await use(cache, key(1, "b"), async () => good, same);
    await cache.dispose();
    expect(errors).toEqual([new Error("stuck")]);
    expect(good.disposed).toBe(1);
  });
});

describe("a call that does not wait for its instance any longer", () => {
  it("is not held up by an open that hangs, which is aborted when nobody else waits", async () => {
    const cache = newCache<Client>();
    const [first, second] = [new AbortController(), new AbortController()];
    let opening: AbortSignal | undefined;
    const hang = ({ signal }: Opening): Promise<Client> => {
      opening = signal;
      return never;
    };
    const waiting = [first, second].map(({ signal }) => cache.acquire(key(1), hang, signal));
    first.abort(new Error("first left"));
    await expect(waiting[0]).rejects.toThrow("first left");
    expect(opening?.aborted).toBe(false);
    second.abort(new Error("second left"));
    await expect(waiting[1]).rejects.toThrow("second left");
    expect(opening?.reason).toEqual(new Error("second left"));
    expect((await use(cache, key(1), it2, same)).revision).toBe("2");
  });

  it("aborts an open that hangs also when all who wait for it leave in one moment", async () => {
    const cache = newCache<Client>();
    const controller = new AbortController();
    let opening: AbortSignal | undefined;
    const hang = ({ signal }: Opening): Promise<Client> => {
      opening = signal;
      return never;
    };
    const waiting = [1, 2, 3].map(() => cache.acquire(key(1), hang, controller.signal));
    controller.abort(new Error("all left"));
    expect(await Promise.allSettled(waiting)).toMatchObject(
      waiting.map(() => ({ status: "rejected", reason: { message: "all left" } })),
    );
    expect(opening?.reason).toEqual(new Error("all left"));
  });

  it("leaves no instance behind that opens all the same", async () => {
    const cache = newCache<Client>();
    const controller = new AbortController();
    const late = client("late");
    let finish = (_: Client): void => {};
    const open = (): Promise<Client> => new Promise((resolve) => (finish = resolve));
    const waiting = cache.acquire(key(1), open, controller.signal);
    controller.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    finish(late);
    await vi.waitFor(() => expect(late.disposed).toBe(1));
  });

  it("does not open anything when it is over already", async () => {
    const open = vi.fn(it1);
    await expect(newCache<Client>().acquire(key(1), open, AbortSignal.abort(new Error("over")))).rejects.toThrow(
      "over",
    );
    expect(open).not.toHaveBeenCalled();
  });
});

describe("Grafana's configuration", () => {
  const read =
    (...names: readonly string[]) =>
    async ({ grafanaConfig }: Opening): Promise<Client> =>
      client(names.map((name) => grafanaConfig.get(name) ?? "none").join());

  it("opens anew when something changes that open has read, and only then", async () => {
    const cache = newCache<Client>();
    const revision = async (config: Readonly<Record<string, string>>) =>
      (await use(cache, key(1, "a", config), read("LIMIT"), same)).revision;
    const first = await use(cache, key(1, "a", { LIMIT: "1", THEME: "dark" }), read("LIMIT"), same);
    expect(await use(cache, key(1, "a", { LIMIT: "1", THEME: "light", MORE: "" }), read("LIMIT"), same)).toBe(first);
    expect(await revision({ LIMIT: "2" })).toBe("2");
    expect(await revision({})).toBe("none");
    expect(await revision({ LIMIT: "3" })).toBe("3");
  });

  it("also when the instance reads it only later", async () => {
    const cache = newCache<() => string | undefined>();
    const open =
      async ({ grafanaConfig }: Opening) =>
      () =>
        grafanaConfig.get("LIMIT");
    const limit = async (LIMIT: string) => (await use(cache, key(1, "a", { LIMIT }), open, same))();
    expect(await limit("1")).toBe("1");
    expect(await limit("2")).toBe("2");
  });

  it("opens anew at any change when open has looked at all of it", async () => {
    const cache = newCache<Client>();
    const open = vi.fn(async ({ grafanaConfig }: Opening) => client([...grafanaConfig].join()));
    for (const config of [{ A: "1" }, { A: "1" }, { A: "1", B: "2" }, { A: "3" }]) {
      await use(cache, key(1, "a", config), open, same);
    }
    expect(open).toHaveBeenCalledTimes(3);
  });

  it("gives a call that joined an open its own instance, when that read what the call has otherwise", async () => {
    const cache = newCache<Client>();
    const slow = async (opening: Opening): Promise<Client> => {
      await Promise.resolve();
      return read("LIMIT")(opening);
    };
    const [one, two] = await Promise.all(
      ["1", "2"].map((LIMIT) => use(cache, key(1, "a", { LIMIT }), slow, ({ revision }) => revision)),
    );
    expect([one, two]).toEqual(["1", "2"]);
  });
});

describe("as time goes by", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("disposes a replaced instance after 5 s under calls that never end", async () => {
    const cache = newCache<Client>();
    const { instance } = await cache.acquire(key(1), it1, signal);
    await use(cache, key(2), it2, same);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(instance.disposed).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(instance.disposed).toBe(1);
  });

  it("begins to count the 5 s when the instance is open, which others may have waited for", async () => {
    const cache = newCache<Client>();
    const slow = client("slow");
    const open = (): Promise<Client> => new Promise((resolve) => globalThis.setTimeout(resolve, 7_000, slow));
    const waiting = cache.acquire(key(1), open, signal);
    await use(cache, key(2), it2, same);
    await vi.advanceTimersByTimeAsync(7_000);
    expect((await waiting).instance).toBe(slow);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(slow.disposed).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(slow.disposed).toBe(1);
  });

  it("finds a replaced instance for a moment, for calls that were on their way", async () => {
    const cache = newCache<Client>();
    const open = vi.fn(it1);
    const old = await use(cache, key(1), open, same);
    const newer = await use(cache, key(2), it2, same);
    await vi.advanceTimersByTimeAsync(249);
    const lease = await cache.acquire(key(1), open, signal);
    expect(lease.instance).toBe(old);
    expect(await use(cache, key(2), it2, same)).toBe(newer);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(old.disposed).toBe(0);
    lease.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(old.disposed).toBe(1);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("goes back to older settings when they come later, a restored backup's for example", async () => {
    const cache = newCache<Client>();
    const before = await use(cache, key(1), it1, same);
    const newer = await cache.acquire(key(2), it2, signal);
    const old = await cache.acquire(key(1), it1, signal);
    await vi.advanceTimersByTimeAsync(250);
    const older = await use(cache, key(1), it1, same);
    expect([old.instance, older !== before]).toEqual([before, true]);
    newer.release();
    old.release();
    await vi.advanceTimersByTimeAsync(250);
    expect([before.disposed, newer.instance.disposed, older.disposed]).toEqual([1, 1, 0]);
    expect(await use(cache, key(1), it2, same)).toBe(older);
  });

  it("disposes an instance that nobody has used for a time", async () => {
    const cache = newCache<Client>(60_000);
    const open = vi.fn(it1);
    const first = await use(cache, key(1), open, same);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(await use(cache, key(1), open, same)).toBe(first);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(first.disposed).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(first.disposed).toBe(1);
    expect(await use(cache, key(1), open, same)).not.toBe(first);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it("does not call an instance idle that is in use", async () => {
    const cache = newCache<Client>(60_000);
    const lease = await cache.acquire(key(1), it1, signal);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(lease.instance.disposed).toBe(0);
    lease.release();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(lease.instance.disposed).toBe(1);
  });

  it("ends the use by a call that was over 5 s ago", async () => {
    const cache = newCache<Client>(60_000);
    const controller = new AbortController();
    const { instance } = await cache.acquire(key(1), it1, controller.signal);
    controller.abort();
    await vi.advanceTimersByTimeAsync(130_000);
    expect(instance.disposed).toBe(1);
  });
});
