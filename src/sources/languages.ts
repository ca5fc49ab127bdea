import type { TextDocument } from "vscode";
import type { Language } from "../reading/document.ts";

const languages: readonly string[] = ["json", "jsonc", "jsonl", "python"] satisfies Language[];

/** Texts that the editor makes itself: logs, the debugger's, other extensions' answers. */
const madeByEditor = new Set(["output", "debug", "comment", "vscode", "vscode-settings", "vscode-chat-code-block"]);

/** Our name of the document's language; null where we have nothing to say about the document. */
export function languageOf(document: Pick<TextDocument, "languageId" | "uri">): Language | null {
  if (madeByEditor.has(document.uri.scheme)) return null;
  return languages.includes(document.languageId) ? (document.languageId as Language) : null;
}

/** For files that the editor does not open as text. */
export function languageOfPath(path: string): Language | null {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const known: Readonly<Record<string, Language>> = {
    json: "json",
    jsonc: "jsonc",
    jsonl: "jsonl",
    ndjson: "jsonl",
    py: "python",
  };
  return known[extension] ?? null;
}

/** What providers register for. */
export const ourLanguages: readonly { readonly language: string }[] = languages.map((language) => ({ language }));
