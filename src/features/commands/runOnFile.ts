import { type TextDocument, window } from "vscode";
import type { LinkTarget } from "../../explain/blocks.ts";
import type { Choice, DocumentSummary } from "../../protocol/core.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import type { Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import type { Panels } from "../panel/panels.ts";
import { nameOf } from "../panel/snapshot.ts";
import { recognised } from "../shapes.ts";
import { activeDocument } from "./activeDocument.ts";
import type { ChooseTensors } from "./chooseTensors.ts";
import type { OpenExample } from "./openExample.ts";

export interface RunParts {
  readonly source: ActiveSource;
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
  readonly panels: Panels;
  readonly choose: ChooseTensors;
  readonly example: OpenExample;
  readonly translate: Translate;
}

/** **Attention: Run on This File**, from wherever it was asked for. */
export class RunOnFile {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async run(target: LinkTarget | null): Promise<void> {
    const { source, mirror, panels, choose } = this.#parts;
    const document = await activeDocument(source, target?.uri);
    const summary = document && (await mirror.reading(document));
    if (!document || !summary)
      return this.#offerExample(this.#parts.translate("Open a JSON or Python file with matrices in it first."));
    const choice = target?.site === undefined ? this.#choiceOf(summary, document) : { site: target.site };
    if (choice) await panels.show(summary.uri, choice);
    else if (summary.tensors.some(({ shape }) => (shape?.length ?? 0) >= 2)) await choose.choose(document, {});
    else await this.#nothing(summary);
    if (target?.query !== undefined) panels.current.moveCrosshair(target.query, null);
  }

  /** What the user chose for this file, else the recognised site that begins last before the caret. */
  #choiceOf(summary: DocumentSummary, document: TextDocument): Choice | null {
    const chosen = this.#parts.choices.get(summary.uri);
    if (chosen) return chosen;
    const sites = recognised(summary);
    const editor = window.activeTextEditor;
    const caret = editor?.document === document ? document.offsetAt(editor.selection.active) : 0;
    const site = sites.findLast(({ anchor }) => anchor.start <= caret) ?? sites[0];
    return site ? { site: site.id } : null;
  }

  async #nothing({ uri, problems }: DocumentSummary): Promise<void> {
    const { translate } = this.#parts;
    const broken = problems.some((problem) => problem.broken);
    const name = nameOf(uri);
    await this.#offerExample(
      broken
        ? translate("{name} could not be read: it has errors in it.", { name })
        : translate(
            "There is no matrix in {name}: attention needs query, key and value as lists of lists of numbers.",
            { name },
          ),
    );
  }

  async #offerExample(text: string): Promise<void> {
    const open = this.#parts.translate("Open Example");
    if ((await window.showInformationMessage(text, open)) === open) await this.#parts.example.open();
  }
}
