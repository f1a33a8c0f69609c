import { setTimeout as delay } from "node:timers/promises";

/** How long a condition may take to come true, in ms. */
const PATIENCE_MS = 30_000;

/**
 * Waits until a condition is true, and looks 50 times a second.
 *
 * @throws Error that names the condition when it does not come true in 30 s, so that nothing goes on looking behind the next test
 */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`not true within ${PATIENCE_MS} ms: ${condition}`);
    }
    await delay(20);
  }
}
