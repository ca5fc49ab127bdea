import { commands, Disposable, Uri } from "vscode";
import { holdsTensor } from "../sources/activeSource.ts";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import type { Choices } from "./choices.ts";
import { recognised } from "./shapes.ts";

/** Tells the menus which documents hold tensors and which hold attention: their items show for no others. */
export class ContextKeys implements Disposable {
  readonly #mirror: DocumentMirror;
  readonly #choices: Choices;
  readonly #withTensors = new Set<string>();
  readonly #withAttention = new Set<string>();
  readonly #subscriptions: Disposable;

  constructor(mirror: DocumentMirror, choices: Choices) {
    this.#mirror = mirror;
    this.#choices = choices;
    this.#subscriptions = Disposable.from(
      // What was read in a hurry may not know the attention that is there.
      mirror.onDidRead(({ uri, draft }) => draft || this.#update(uri)),
      mirror.onDidClose((uri) => this.#update(uri.toString())),
      choices.onDidChange((uri) => this.#update(uri)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #update(uri: string): void {
    const summary = this.#mirror.newest(uri);
    const attention = summary !== null && (recognised(summary).length > 0 || this.#choices.get(uri) !== undefined);
    this.#put("attentionLoupe.resourcesWithTensors", this.#withTensors, uri, summary !== null && holdsTensor(summary));
    this.#put("attentionLoupe.resourcesWithAttention", this.#withAttention, uri, attention);
  }

  #put(key: string, uris: Set<string>, uri: string, wanted: boolean): void {
    if (uris.has(uri) === wanted) return;
    if (wanted) uris.add(uri);
    else uris.delete(uri);
    void commands.executeCommand("setContext", key, [...uris].flatMap(paths));
  }
}

/** A document's path as the window names it: in a remote window its address has another scheme than here. */
function paths(uri: string): string[] {
  const { path, fsPath } = Uri.parse(uri);
  return path === fsPath ? [path] : [path, fsPath];
}
