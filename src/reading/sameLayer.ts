import type { InnerLayer } from "./document.ts";

/** The same text for layers of one class that were made with the same settings and have as many parameters. */
export function layerText({ kind, settings, count }: InnerLayer): string {
  return JSON.stringify([kind, settings, count]);
}
