/**
 * Calls `work` for each item, for so many at a time that no more than `limit` are unsettled. Resolves once all are done.
 *
 * @throws what the first failing `work` threw; those that run go on, no other begins
 */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let failed = false;
  async function worker(): Promise<void> {
    for (let next = waiting.next(); !failed && next.done !== true; next = waiting.next()) {
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
