import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createInstanceCache, type InstanceCache, type InstanceKey } from "../src/instances/instance-cache.js";

interface Client {
  readonly revision: string;
  disposed: boolean;
  dispose(): void;
}

function client(revision: string): Client {
  return {
    revision,
    disposed: false,
    dispose() {
      this.disposed = true;
    },
  };
}

function key(revision: string, id = "1/a") {
  return { id, revision };
}

/** Runs `work` with an instance and gives it back, as the handlers do. */
async function use<I, T>(
  cache: InstanceCache<I>,
  key: InstanceKey,
  open: () => Promise<I>,
  work: (instance: I) => Promise<T>,
): Promise<T> {
  const { instance, release } = await cache.acquire(key, open);
  try {
    return await work(instance);
  } finally {
    release();
  }
}

const fail = (error: unknown): never => {
  throw error;
};

describe("createInstanceCache", () => {
  it("opens once for concurrent first calls", async () => {
    const cache = createInstanceCache<Client>(fail);
    const open = vi.fn(async () => client("1"));
    const used = await Promise.all([1, 2, 3].map(() => use(cache, key("1"), open, async (instance) => instance)));
    expect(open).toHaveBeenCalledTimes(1);
    expect(new Set(used).size).toBe(1);
  });

  it("keeps data sources apart", async () => {
    const cache = createInstanceCache<Client>(fail);
    const a = await use(
      cache,
      key("1", "1/a"),
      async () => client("1"),
      async (instance) => instance,
    );
    const b = await use(
      cache,
      key("1", "1/b"),
      async () => client("1"),
      async (instance) => instance,
    );
    expect(a).not.toBe(b);
  });

  it("forgets an open that failed", async () => {
    const cache = createInstanceCache<Client>(fail);
    const refused = use(
      cache,
      key("1"),
      () => Promise.reject(new Error("refused")),
      async (instance) => instance,
    );
    await expect(refused).rejects.toThrow("refused");
    const instance = await use(
      cache,
      key("1"),
      async () => client("1"),
      async (found) => found,
    );
    expect(instance.revision).toBe("1");
  });

  it("opens a new instance for a new revision and disposes the old one when its calls are done", async () => {
    const cache = createInstanceCache<Client>(fail);
    const slow = deferred<void>();
    const started = deferred<Client>();
    const running = use(
      cache,
      key("1"),
      async () => client("1"),
      async (instance) => {
        started.resolve(instance);
        await slow.promise;
      },
    );
    const old = await started.promise;
    const fresh = await use(
      cache,
      key("2"),
      async () => client("2"),
      async (instance) => instance,
    );
    expect(fresh.revision).toBe("2");
    expect(old.disposed).toBe(false);
    slow.resolve();
    await running;
    await vi.waitFor(() => expect(old.disposed).toBe(true));
    expect(fresh.disposed).toBe(false);
  });

  it("disposes everything at the end, by whichever way an instance offers", async () => {
    const cache = createInstanceCache<object>(fail);
    const closed: string[] = [];
    const instances: object[] = [
      { dispose: () => closed.push("dispose") },
      { [Symbol.dispose]: () => closed.push("Symbol.dispose") },
      { [Symbol.asyncDispose]: async () => closed.push("Symbol.asyncDispose"), dispose: () => closed.push("wrong") },
      {},
    ];
    for (const [index, instance] of instances.entries()) {
      await use(
        cache,
        key("1", String(index)),
        async () => instance,
        async () => {},
      );
    }
    await cache.dispose();
    expect(closed.sort()).toEqual(["Symbol.asyncDispose", "Symbol.dispose", "dispose"]);
  });

  it("does not wait for calls at the end, nor open anything after it", async () => {
    const cache = createInstanceCache<Client>(fail);
    const [old, current] = [client("1"), client("2")];
    await cache.acquire(key("1"), async () => old);
    await cache.acquire(key("2"), async () => current);
    await cache.dispose();
    expect([old.disposed, current.disposed]).toEqual([true, true]);
    const open = vi.fn(async () => client("3"));
    await expect(cache.acquire(key("3"), open)).rejects.toThrow("the plugin is ending");
    expect(open).not.toHaveBeenCalled();
  });

  it("reports a dispose that throws and goes on", async () => {
    const errors: unknown[] = [];
    const cache = createInstanceCache<object>((error) => errors.push(error));
    const broken = {
      dispose() {
        throw new Error("stuck");
      },
    };
    const good = client("1");
    await use(
      cache,
      key("1", "a"),
      async () => broken,
      async () => {},
    );
    await use(
      cache,
      key("1", "b"),
      async () => good,
      async () => {},
    );
    await cache.dispose();
    expect(errors).toEqual([new Error("stuck")]);
    expect(good.disposed).toBe(true);
  });
});

describe("a replaced instance whose calls never end", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is disposed after 5 s", async () => {
    const cache = createInstanceCache<Client>(fail);
    const old = client("1");
    void use(
      cache,
      key("1"),
      async () => old,
      () => new Promise(() => {}),
    );
    await use(
      cache,
      key("2"),
      async () => client("2"),
      async () => {},
    );
    await vi.advanceTimersByTimeAsync(4_999);
    expect(old.disposed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(old.disposed).toBe(true);
  });
});

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
