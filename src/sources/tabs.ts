import { type Tab, TabInputCustom, TabInputNotebook, TabInputText, TabInputTextDiff, type Uri, window } from "vscode";

/** The documents that a tab shows: two for a diff. */
export function urisOf({ input }: Tab): readonly Uri[] {
  if (input instanceof TabInputTextDiff) return [input.original, input.modified];
  const single = input instanceof TabInputText || input instanceof TabInputCustom || input instanceof TabInputNotebook;
  return single ? [input.uri] : [];
}

export function tabShows(tab: Tab, uri: string): boolean {
  return urisOf(tab).some((each) => each.toString() === uri);
}

/** Whether any tab, in whatever group, shows this document. */
export function hasTab(uri: string): boolean {
  return window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => tabShows(tab, uri)));
}
