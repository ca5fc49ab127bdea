import * as v from "valibot";
import { asItIs, type WhatIf, whatIf } from "../../protocol/whatIf.ts";

/** What a page of an earlier window kept with `setState`: addresses and options, never numbers. */
const kept = v.object({
  source: v.object({ uri: v.string(), pinned: v.boolean() }),
  overrides: v.optional(whatIf),
  site: v.optional(v.nullable(v.string()), null),
});

export interface Restored {
  readonly uri: string;
  readonly pinned: boolean;
  readonly overrides: WhatIf;
  readonly site: string | null;
}

/** Null where an older version, or nothing, left something else. */
export function restoredState(state: unknown): Restored | null {
  const parsed = v.safeParse(kept, state);
  if (!parsed.success) return null;
  const { source, overrides, site } = parsed.output;
  return { ...source, overrides: overrides ?? asItIs, site };
}
