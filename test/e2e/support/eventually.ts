import { setTimeout as wait } from "node:timers/promises";

/** Repeats a check until it holds; throws its last error when it does not within `timeout` ms. */
export async function eventually(check: () => Promise<void>, timeout = 10_000): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(50);
    }
  }
}
