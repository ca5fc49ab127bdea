import { type Disposable, EventEmitter } from "vscode";

/** A row of the weights of a document's attention. */
export interface QueryRow {
  readonly uri: string;
  readonly batch: number;
  readonly head: number;
  readonly query: number;
}

/** The query that the user looks at: where the caret is, or the cell that was clicked last. */
export class FocusedQuery implements Disposable {
  readonly #changed = new EventEmitter<QueryRow>();
  #row: QueryRow | null = null;
  readonly onDidChange = this.#changed.event;

  get row(): QueryRow | null {
    return this.#row;
  }

  set({ uri, batch, head, query }: QueryRow): void {
    this.#row = { uri, batch, head, query };
    this.#changed.fire(this.#row);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
