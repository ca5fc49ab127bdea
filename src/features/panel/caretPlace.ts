import type { Selection } from "vscode";

/** A place of the caret, so that two of them can be compared. */
export function caretPlace(uri: string, { active }: Selection): string {
  return `${uri}#${active.line}:${active.character}`;
}
