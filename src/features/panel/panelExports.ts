import { env, Uri, window } from "vscode";
import type { Stage } from "../../attention/problem.ts";
import { inLabel } from "../../explain/visible.ts";
import type { PanelIntent } from "../../protocol/panel.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { saveBytes } from "../saveBytes.ts";

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
    const { name, bytes } = outcome.value;
    if (to === "file") await this.save(bytes, name, uri);
    else await env.clipboard.writeText(new TextDecoder().decode(bytes));
  }

  /** A name comes from a page: only its last part counts, so that it leads nowhere else. */
  async save(bytes: Uint8Array, name: string, uri: string): Promise<void> {
    await saveBytes(bytes, name.split(/[\\/]/).at(-1) || "attention", Uri.parse(uri), this.#parts.translate);
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
