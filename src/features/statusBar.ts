import { Disposable, StatusBarAlignment, type StatusBarItem, window } from "vscode";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import type { Message, Translate } from "../tensor/message.ts";
import type { Choices } from "./choices.ts";
import { chosenRoles, recognised, rolesText } from "./shapes.ts";

export interface StatusParts {
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** Offers to run, for the active editor, whenever there is attention in it; says so where its reading was stopped. */
export class StatusBar implements Disposable {
  readonly #mirror: DocumentMirror;
  readonly #choices: Choices;
  readonly #translate: Translate;
  readonly #say: (message: Message) => string;
  readonly #item: StatusBarItem;
  readonly #subscriptions: Disposable;

  constructor({ mirror, choices, translate, say }: StatusParts) {
    this.#mirror = mirror;
    this.#choices = choices;
    this.#translate = translate;
    this.#say = say;
    this.#item = window.createStatusBarItem("attentionLoupe.run", StatusBarAlignment.Right, 90);
    this.#item.name = "Attention Loupe";
    this.#item.command = "attentionLoupe.run";
    this.#subscriptions = Disposable.from(
      window.onDidChangeActiveTextEditor(() => this.#update()),
      // What was read in a hurry may not know the attention that is there.
      mirror.onDidRead(({ draft }) => draft || this.#update()),
      mirror.onDidStop(() => this.#update()),
      choices.onDidChange(() => this.#update()),
    );
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#item).dispose();
  }

  #update(): void {
    const uri = window.activeTextEditor?.document.uri.toString();
    const stopped = uri && this.#mirror.stopped(uri);
    const offer = uri && this.#offer(uri);
    this.#item.text = `${stopped ? "$(warning)" : "$(eye)"} ${this.#translate("Attention")}`;
    if (stopped) this.#item.tooltip = this.#say(stopped);
    else if (offer) this.#item.tooltip = this.#translate("Compute and show attention: {offer}", { offer });
    if (stopped || offer) this.#item.show();
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
