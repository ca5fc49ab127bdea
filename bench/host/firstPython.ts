// Runs inside the extension host of a fresh window: the first file that anyone opens in it is Python.
import { PerformanceObserver } from "node:perf_hooks";
import * as vscode from "vscode";
import { firstHovers, written } from "./firstHover.ts";

const id = "attention-loupe.attention-loupe";

export const run = () => written(measure);

/** The first hover and the next one, in ms, as VS Code sees them and as our provider does. */
async function measure() {
  const extension = vscode.extensions.getExtension(id)!;
  /** VS Code may have started it for something that it remembered. */
  const wasActive = extension.isActive;
  const ours: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("attentionLoupe.hover")) ours.push(entry.duration);
  });
  observer.observe({ entryTypes: ["measure"] });
  const all = await firstHovers("heads");
  while (ours.length < all.length) await new Promise((resolve) => setTimeout(resolve, 10));
  return { all, ours, wasActive };
}
