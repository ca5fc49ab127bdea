import { Uri, window, workspace } from "vscode";
import { languageOfPath } from "../../sources/languages.ts";
import type { Translate } from "../../tensor/message.ts";
import { exampleFiles } from "./exampleFiles.ts";

/** **Attention: Open Example…**: a copy of a file that ships with the extension, as an untitled document. */
export class OpenExample {
  readonly #folder: Uri;
  readonly #translate: Translate;

  constructor(extension: Uri, translate: Translate) {
    this.#folder = Uri.joinPath(extension, "examples");
    this.#translate = translate;
  }

  /** @param name a file of the folder; undefined: the user picks one. */
  async open(name?: string): Promise<void> {
    const picked = name ?? (await this.#pick());
    const language = picked && languageOfPath(picked);
    if (!picked || !language) return;
    const bytes = await workspace.fs.readFile(Uri.joinPath(this.#folder, picked));
    const document = await workspace.openTextDocument({ language, content: new TextDecoder().decode(bytes) });
    await window.showTextDocument(document);
  }

  async #pick(): Promise<string | undefined> {
    return window.showQuickPick(exampleFiles, { placeHolder: this.#translate("Opens a copy that you can change") });
  }
}
