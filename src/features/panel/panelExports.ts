import { env, Uri, window } from "vscode";
import type { Stage } from "../../attention/problem.ts";
import { inLabel } from "../../explain/visible.ts";
import type { PanelIntent } from "../../protocol/panel.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { type NamedBytes, saveBytes, saveInto } from "../saveBytes.ts";

export type ExportIntent = Extract<PanelIntent, { kind: "export" }>;

export interface ExportParts {
  readonly core: CoreSession;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** Takes what a panel shows out of it: into a file that the user names, or onto the clipboard. */
export class PanelExports {
  readonly #parts: ExportParts;

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  async export(intent: ExportIntent, uri: string): Promise<void> {
    const { kind: _, to, ...request } = intent;
    const outcome = await this.#parts.core.remote.export({ ...request, words: this.#words(request.stage) });
    if (!outcome.ok) return void window.showWarningMessage(inLabel(this.#parts.say(outcome.problem)));
    const { name, bytes, beside } = outcome.value;
    if (to === "file") return saveBytes({ name, bytes }, Uri.parse(uri), this.#parts.translate, beside);
    await env.clipboard.writeText(new TextDecoder().decode(bytes));
    if (beside.length > 0) await this.#offer(beside, uri);
  }

  /** A name comes from a page: only its last part counts, so that it leads nowhere else. */
  async save(bytes: Uint8Array, name: string, uri: string): Promise<void> {
    const last = name.split(/[\\/]/).at(-1) || "attention";
    await saveBytes({ name: last, bytes }, Uri.parse(uri), this.#parts.translate);
  }

  /** What was copied runs only with these files beside it. */
  async #offer(files: readonly NamedBytes[], uri: string): Promise<void> {
    const { translate } = this.#parts;
    const names = files.map(({ name }) => name).join(", ");
    const save = translate("Save These Files…");
    const said = inLabel(translate("Copied. The code loads {names}.", { names }));
    if ((await window.showInformationMessage(said, save)) === save) await saveInto(files, Uri.parse(uri), translate);
  }

  #words(stage: Stage) {
    const { translate } = this.#parts;
    const stages: Readonly<Record<Stage, string>> = {
      scores: translate("Scores"),
      scaled: translate("Scaled"),
      masked: translate("Masked"),
      weights: translate("Weights"),
      output: translate("Output"),
    };
    const [queries, keys, dimensions] = [translate("Queries"), translate("Keys"), translate("Dimensions")];
    return { queries, keys, dimensions, stage: stages[stage], sampled: translate("sampled") };
  }
}
