import { type TextEditor, workspace } from "vscode";

/** What VS Code highlights over the paint of an editor: the word at the caret and the text that is selected, wherever they stand. */
export interface Highlights {
  readonly word: string | null;
  readonly selected: string | null;
}

export function highlightsIn({ document, selection }: TextEditor): Highlights {
  const settings = workspace.getConfiguration("editor", document);
  const at =
    settings.get("occurrencesHighlight") === "off" ? undefined : document.getWordRangeAtPosition(selection.start);
  const isSelected = !selection.isEmpty && selection.isSingleLine && settings.get("selectionHighlight") !== false;
  return {
    word: at?.contains(selection) ? document.getText(at).replaceAll('"', "") : null,
    selected: isSelected ? document.getText(selection) : null,
  };
}

/** Tells whether VS Code may lay a colour of its own over a text: no ink of the paint's can be read on both. */
export function highlighted({ word, selected }: Highlights): (text: string) => boolean {
  const wholeWord = word ? new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(word)}(?![\\p{L}\\p{N}_])`, "u") : null;
  return (text) => (selected !== null && text.includes(selected)) || wholeWord?.test(text) === true;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
