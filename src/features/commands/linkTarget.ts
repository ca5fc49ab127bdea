import * as v from "valibot";
import type { LinkTarget } from "../../explain/blocks.ts";

const linkTarget = v.object({
  uri: v.string(),
  offset: v.optional(v.number(), 0),
  site: v.optional(v.string()),
  tensor: v.optional(v.string()),
  query: v.optional(v.number()),
});

/** The argument of a command from a lens or a hover; null from palette, menu or keyboard, which give another or none. */
export function linkTargetOf(argument: unknown): LinkTarget | null {
  const parsed = v.safeParse(linkTarget, argument);
  if (!parsed.success) return null;
  const { uri, offset, site, tensor, query } = parsed.output;
  return {
    uri,
    offset,
    ...(site !== undefined && { site }),
    ...(tensor !== undefined && { tensor }),
    ...(query !== undefined && { query }),
  };
}
