import { setTimeout as wait } from "node:timers/promises";
import { patience } from "../../../scripts/vscode/patience.ts";

/** Of a picture that is decoded; 0 before. Runs in the page. */
export function drawnWidth(picture: Element): number {
  const { complete, naturalWidth } = picture as HTMLImageElement;
  return complete ? naturalWidth : 0;
}

/** Repeats a check until it holds, and gives what it gave; throws its last error when it does not in time. */
export async function eventually<T>(check: () => Promise<T>, timeout = patience): Promise<T> {
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
