import type { Choice } from "../protocol/core.ts";
import type { Part, Place, Role, TensorDocument, TensorEntry } from "../reading/document.ts";
import { type ResolvedSite, recognisedSites, resolve } from "./sites.ts";

export interface PlayedRole<Of extends Part = Role> {
  readonly role: Of;
  readonly resolved: ResolvedSite;
  /** For each axis of the tensor, which axis of the role it is; absent: in the order of the site's roles. */
  readonly axes?: readonly number[];
}

/** The part that is played at a place: also of tensors that are no role of a site, such as masked scores. */
export function playedPart(document: TensorDocument, place: Place, choice?: Choice): PlayedRole<Part> | null {
  const { tensor, plays } = place;
  const chosen = choice ? roleIn(document, tensor, choice) : null;
  const known = !chosen && plays ? resolve(document, { site: plays.site }) : null;
  if (known?.ok) {
    const { part: role, axes } = plays!;
    return { role, resolved: known.value, ...(axes && { axes }) };
  }
  return chosen ?? roleInSites(document, tensor);
}

/** The part that a tensor plays: in what the user chose, else in the first site that has it. */
export function playedRole(document: TensorDocument, tensor: TensorEntry, choice?: Choice): PlayedRole | null {
  return (choice ? roleIn(document, tensor, choice) : null) ?? roleInSites(document, tensor);
}

function roleInSites(document: TensorDocument, tensor: TensorEntry): PlayedRole | null {
  for (const { id, roles } of recognisedSites(document)) {
    const found = Object.values(roles).includes(tensor.id) ? roleIn(document, tensor, { site: id }) : null;
    if (found) return found;
  }
  return null;
}

function roleIn(document: TensorDocument, tensor: TensorEntry, choice: Choice): PlayedRole | null {
  const resolved = resolve(document, choice);
  if (!resolved.ok) return null;
  const { entries } = resolved.value;
  const role = (Object.keys(entries) as Role[]).find((name) => entries[name]?.id === tensor.id);
  return role ? { role, resolved: resolved.value } : null;
}
