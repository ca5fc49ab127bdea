import { window } from "vscode";
import type { LinkTarget } from "../../explain/blocks.ts";
import { inLabel } from "../../explain/visible.ts";
import type { Choice, DocumentSummary } from "../../protocol/core.ts";
import { isTensorFile } from "../../reading/binary/tensorDocument.ts";
import { nameOf } from "../../sources/nameOf.ts";
import type { SourceDocument, SourceDocuments } from "../../sources/sourceDocuments.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import type { Panels } from "../panel/panels.ts";
import { recognised } from "../shapes.ts";
import type { ChooseTensors } from "./chooseTensors.ts";
import type { OpenExample } from "./openExample.ts";

export interface RunParts {
  readonly documents: SourceDocuments;
  readonly choices: Choices;
  readonly panels: Panels;
  readonly choose: ChooseTensors;
  readonly example: OpenExample;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** **Attention: Run on This File**, from wherever it was asked for. */
export class RunOnFile {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async run(target: LinkTarget | null): Promise<void> {
    const { documents, panels, choose, say } = this.#parts;
    const found = await documents.find(target?.uri);
    if (!found.ok) return this.#offerExample(say(found.problem));
    const { summary } = found.value;
    const choice = target?.site === undefined ? this.#choiceOf(found.value) : { site: target.site };
    const broken = !isTensorFile(summary.uri) && summary.problems.some((problem) => problem.broken);
    // Of a text that ends being JSON before anything was recognised the panel says where.
    if (choice || broken) await panels.show(summary.uri, choice);
    else if (summary.tensors.some(({ shape }) => (shape?.length ?? 0) >= 2)) await choose.choose(found.value, {});
    else await this.#nothing(summary);
    if (target?.query !== undefined) panels.current.moveCrosshair(target.query, null);
  }

  /** What the user chose for this file, else the recognised site that begins last before the caret. */
  #choiceOf({ summary, document }: SourceDocument): Choice | null {
    const chosen = this.#parts.choices.get(summary.uri);
    if (chosen) return chosen;
    const sites = recognised(summary);
    const editor = window.activeTextEditor;
    const caret = editor && editor.document === document ? document.offsetAt(editor.selection.active) : 0;
    const site = sites.findLast(({ anchor }) => anchor.start <= caret) ?? sites[0];
    return site ? { site: site.id } : null;
  }

  async #nothing({ uri, problems }: DocumentSummary): Promise<void> {
    const { translate, say } = this.#parts;
    const broken = problems.find((problem) => problem.broken);
    const name = nameOf(uri);
    if (broken && isTensorFile(uri)) return this.#offerExample(`${name}: ${say(broken.message)}`);
    await this.#offerExample(
      translate("There is no matrix in {name}: attention needs query, key and value as lists of lists of numbers.", {
        name,
      }),
    );
  }

  async #offerExample(text: string): Promise<void> {
    const open = this.#parts.translate("Open Example");
    if ((await window.showInformationMessage(inLabel(text), open)) === open) await this.#parts.example.open();
  }
}
