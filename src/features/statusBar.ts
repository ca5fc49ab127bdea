import { Disposable, StatusBarAlignment, type StatusBarItem, window } from "vscode";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import type { Translate } from "../tensor/message.ts";
import type { Choices } from "./choices.ts";
import { chosenRoles, recognised, rolesText } from "./shapes.ts";

/** Offers to run, for the active editor, whenever there is attention in it. */
export class StatusBar implements Disposable {
  readonly #mirror: DocumentMirror;
  readonly #choices: Choices;
  readonly #translate: Translate;
  readonly #item: StatusBarItem;
  readonly #subscriptions: Disposable;

  constructor(mirror: DocumentMirror, choices: Choices, translate: Translate) {
    this.#mirror = mirror;
    this.#choices = choices;
    this.#translate = translate;
    this.#item = window.createStatusBarItem("attentionLoupe.run", StatusBarAlignment.Right, 90);
    this.#item.name = "Attention Loupe";
    this.#item.text = `$(eye) ${translate("Attention")}`;
    this.#item.command = "attentionLoupe.run";
    this.#subscriptions = Disposable.from(
      window.onDidChangeActiveTextEditor(() => this.#update()),
      // What was read in a hurry may not know the attention that is there.
      mirror.onDidRead(({ draft }) => draft || this.#update()),
      choices.onDidChange(() => this.#update()),
    );
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#item).dispose();
  }

  #update(): void {
    const uri = window.activeTextEditor?.document.uri.toString();
    const offer = uri && this.#offer(uri);
    if (offer) this.#item.tooltip = this.#translate("Compute and show attention: {offer}", { offer });
    if (offer) this.#item.show();
    else this.#item.hide();
  }

  #offer(uri: string): string | null {
    const summary = this.#mirror.newest(uri);
    if (!summary) return null;
    const choice = this.#choices.get(uri);
    const roles = (choice && chosenRoles(summary, choice)) || recognised(summary)[0]?.roles;
    return roles ? rolesText(roles) : null;
  }
}
