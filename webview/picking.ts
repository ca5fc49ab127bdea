import type { Panel } from "./context.ts";
import type { Selection } from "./state.ts";

/** The user chose a cell, a query or a key: all views go there, and the editor shows what made it. */
export function pick({ store, link }: Panel, selection: Partial<Selection>): void {
  const { result } = store.state.snapshot ?? {};
  if (!result) return;
  store.dispatch({ type: "pick", selection, intent: link.sent + 1 });
  const { batch, head, query, key } = store.state.ui;
  const told = selection.key === undefined ? null : key;
  link.intent({ kind: "select", result: result.result, batch, head, query, key: told });
}
