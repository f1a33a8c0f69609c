import { setTimeout as delay } from "node:timers/promises";

/** Waits for something to become true; the test's own time limit ends a wait in vain. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) {
    await delay(20);
  }
}
