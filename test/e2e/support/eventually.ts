import { setTimeout as wait } from "node:timers/promises";
import { patience } from "../../../scripts/vscode/patience.ts";

/** Repeats a check until it holds; throws its last error when it does not in time. */
export async function eventually(check: () => Promise<void>, timeout = patience): Promise<void> {
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
