import { TabInputText, type TextDocument, Uri, window, workspace } from "vscode";
import type { ActiveSource } from "../../sources/activeSource.ts";
import { languageOf } from "../../sources/languages.ts";

/**
 * The document that a command is about: the named one, that of the active editor, that of the active tab (files over
 * 50 MB have no editor), or the one that the panel follows.
 */
export async function activeDocument(source: ActiveSource, uri?: string): Promise<TextDocument | null> {
  const active = window.activeTextEditor?.document;
  if (uri === undefined && active && languageOf(active)) return active;
  const wanted = uri ?? activeTab() ?? source.uri;
  if (wanted === null) return null;
  const open = workspace.textDocuments.find((document) => document.uri.toString() === wanted);
  return open ?? workspace.openTextDocument(Uri.parse(wanted)).then(undefined, () => null);
}

function activeTab(): string | null {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText ? input.uri.toString() : null;
}
