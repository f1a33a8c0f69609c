import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { ConnectionPool, type PoolOptions } from "../../src/sql/index.js";

interface Connection {
  readonly id: number;
  isOpen: boolean;
}

const never = new AbortController().signal;

/** A pool of connections that are objects, and the numbers of those that it has closed. */
function poolOf(options: Partial<PoolOptions<Connection>> = {}): {
  pool: ConnectionPool<Connection>;
  closed: number[];
} {
  const closed: number[] = [];
  let made = 0;
  const pool = new ConnectionPool<Connection>({
    connect: async () => ({ id: ++made, isOpen: true }),
    close: ({ id }) => void closed.push(id),
    isOpen: ({ isOpen }) => isOpen,
    maxOpen: 0,
    maxIdle: 2,
    maxLifetimeMs: 0,
    ...options,
  });
  return { pool, closed };
}

describe("a connection pool", () => {
  test("takes the connection used last first, and says whether it was used before", async () => {
    const { pool } = poolOf();
    const [first, second] = [await pool.acquire(never), await pool.acquire(never)];
    first.release();
    second.release();
    const again = await pool.acquire(never);
    expect([first.reused, again.connection.id, again.reused]).toEqual([false, 2, true]);
  });

  test("keeps no more than it may that nobody uses", async () => {
    const { pool, closed } = poolOf({ maxIdle: 1 });
    const leases = await Promise.all([1, 2, 3].map(() => pool.acquire(never)));
    for (const lease of leases) {
      lease.release();
    }
    expect([pool.open, pool.idle, closed]).toEqual([1, 1, [2, 3]]);
  });

  test("serves those who wait in order, also where nothing is kept", async () => {
    for (const maxIdle of [0, 1]) {
      const { pool } = poolOf({ maxOpen: 1, maxIdle });
      const held = await pool.acquire(never);
      const order: string[] = [];
      const waiting = ["a", "b", "c"].map(async (name) => {
        const lease = await pool.acquire(never);
        order.push(name);
        lease.release();
      });
      held.release();
      held.release();
      await Promise.all(waiting);
      expect(order).toEqual(["a", "b", "c"]);
      expect(pool.open).toBe(maxIdle);
    }
  });

  test("whoever waits too long is told so; whoever gives up has its own reason; neither costs a connection", async () => {
    const { pool } = poolOf({ maxOpen: 1 });
    const held = await pool.acquire(never);
    await expect(pool.acquire(AbortSignal.timeout(10))).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining("the one connection of the data source stayed in use"),
    });
    await expect(pool.acquire(AbortSignal.abort("gone"))).rejects.toBe("gone");
    held.release();
    expect((await pool.acquire(never)).connection.id).toBe(1);
  });

  test.each(["usable", "broken"] as const)(
    "whoever gives up in the moment in which it is its turn passes that on: what is given back is %s",
    async (condition) => {
      const { pool } = poolOf({ maxOpen: 1 });
      const held = await pool.acquire(never);
      const first = new AbortController();
      const leaves = pool.acquire(first.signal);
      const waits = pool.acquire(never);
      held.release(condition);
      first.abort("gone");
      await expect(leaves).rejects.toBe("gone");
      (await waits).release();
      expect([pool.open, pool.idle]).toEqual([1, 1]);
    },
  );

  test("whoever comes late does not come before those who wait", async () => {
    const { pool } = poolOf({ maxOpen: 1 });
    const held = await pool.acquire(never);
    const order: string[] = [];
    const take = async (name: string): Promise<void> => {
      const lease = await pool.acquire(never);
      order.push(name);
      lease.release();
    };
    const early = take("early");
    held.release();
    await Promise.all([early, take("late")]);
    expect(order).toEqual(["early", "late"]);
  });

  test("whoever gives up while connecting gets no connection, also where that takes no notice", async () => {
    const { pool, closed } = poolOf({ maxIdle: 1 });
    const controller = new AbortController();
    const lease = pool.acquire(controller.signal);
    controller.abort("gone");
    await expect(lease).rejects.toBe("gone");
    expect([pool.open, pool.idle, closed]).toEqual([1, 1, []]);
  });

  test("a connection that cannot be made leaves its place to the next", async () => {
    let fails = true;
    const { pool } = poolOf({
      maxOpen: 1,
      connect: async () => {
        await delay(5);
        if (fails) {
          fails = false;
          throw new Error("refused");
        }
        return { id: 7, isOpen: true };
      },
    });
    const [first, second] = await Promise.allSettled([pool.acquire(never), pool.acquire(never)]);
    expect([first.status, second.status]).toEqual(["rejected", "fulfilled"]);
    expect(pool.open).toBe(1);
  });

  test("neither a broken connection nor one that has closed is used again", async () => {
    const { pool, closed } = poolOf();
    (await pool.acquire(never)).release("broken");
    const second = await pool.acquire(never);
    second.release();
    second.connection.isOpen = false;
    expect((await pool.acquire(never)).connection.id).toBe(3);
    expect([closed, pool.open]).toEqual([[1, 2], 1]);
  });

  test("old connections are closed, also while nobody asks", async () => {
    const { pool, closed } = poolOf({ maxLifetimeMs: 20 });
    const lease = await pool.acquire(never);
    (await pool.acquire(never)).release();
    await expect.poll(() => closed).toEqual([2]);
    lease.release();
    expect(closed).toEqual([2, 1]);
  });

  test("one that grows old in use is closed when it is given back, however early its timer was", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { pool, closed } = poolOf({ maxLifetimeMs: 60_000 });
      const lease = await pool.acquire(never);
      vi.advanceTimersByTime(60_000);
      lease.release();
      expect([closed, pool.open, vi.getTimerCount()]).toEqual([[1], 0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("`fresh` closes what nobody uses first", async () => {
    const { pool, closed } = poolOf();
    (await pool.acquire(never)).release();
    const lease = await pool.acquire(never, { fresh: true });
    expect([lease.connection.id, lease.reused, closed]).toEqual([2, false, [1]]);
  });

  test("closed, it closes what is given back and refuses whoever waits", async () => {
    const { pool, closed } = poolOf({ maxOpen: 1 });
    const held = await pool.acquire(never);
    const waiting = pool.acquire(never);
    waiting.catch(() => {});
    await pool[Symbol.asyncDispose]();
    await expect(waiting).rejects.toMatchObject({ status: 503 });
    held.release();
    expect([closed, pool.open]).toEqual([[1], 0]);
  });
});
