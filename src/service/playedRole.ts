import type { Choice } from "../protocol/core.ts";
import type { Role, TensorDocument, TensorEntry } from "../reading/document.ts";
import { type ResolvedSite, resolve } from "./sites.ts";

export interface PlayedRole {
  readonly role: Role;
  readonly resolved: ResolvedSite;
}

/** The part that a tensor plays: in what the user chose, else in the first site that has it. */
export function playedRole(document: TensorDocument, tensor: TensorEntry, choice?: Choice): PlayedRole | null {
  const choices = [...(choice ? [choice] : []), ...document.sites.map(({ id }) => ({ site: id }))];
  for (const each of choices) {
    const resolved = resolve(document, each);
    if (!resolved.ok) continue;
    const role = (Object.keys(resolved.value.entries) as Role[]).find(
      (name) => resolved.value.entries[name]?.id === tensor.id,
    );
    if (role) return { role, resolved: resolved.value };
  }
  return null;
}
