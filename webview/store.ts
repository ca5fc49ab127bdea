import { type Action, type PanelState, reduce } from "./state.ts";

/** The one state of the page, and who wants to know of it. */
export class Store {
  #state: PanelState;
  readonly #listeners = new Set<() => void>();

  constructor(state: PanelState) {
    this.#state = state;
  }

  get state(): PanelState {
    return this.#state;
  }

  dispatch(action: Action): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
