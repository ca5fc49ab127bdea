import { stages } from "../src/attention/problem.ts";
import type { WhatIfChange } from "../src/protocol/whatIf.ts";
import { goToPart, type Panel } from "./context.ts";

/** Keys that work anywhere in the panel; those of the map's grid and of controls are theirs. */
export function onKey(event: KeyboardEvent, panel: Panel): void {
  const { store, link } = panel;
  if (event.altKey || isTyping(event)) return;
  // VS Code takes these keys' default away before a page hears of them, for text fields that have a history of their own.
  if (event.ctrlKey || event.metaKey) {
    onHistoryKey(event, link);
    return;
  }
  if (event.defaultPrevented) return;
  const { snapshot, ui, sheet } = store.state;
  const result = snapshot?.result;
  if (!result) return;
  const step = (change: number) => {
    const { heads, batch } = result.sizes;
    const all = heads * batch;
    const next = (ui.batch * heads + ui.head + change + all) % all;
    store.dispatch({ type: "ui", change: { batch: Math.floor(next / heads), head: next % heads } });
  };
  const tryOut = (change: WhatIfChange) => {
    if (!result.given) link.intent({ kind: "tryOut", change });
  };
  const { query, key } = ui;
  const stage = stages[Number(event.key) - 1];
  if (event.key === "[") step(-1);
  else if (event.key === "]") step(1);
  else if (stage && result.stages.includes(stage)) goToPart(panel, stage);
  else if (event.key === "t" || event.key === "T")
    store.dispatch({ type: "sheet", sheet: sheet === "table" ? null : "table" });
  else if (event.key === "m" || event.key === "M") {
    if (ui.stage !== "output") tryOut({ cell: [query, key] });
  } else if (event.key === "x" || event.key === "X") tryOut({ key });
  else if (event.key === "/") focusOn(".find vscode-text-field");
  else if (event.key === "p" || event.key === "P") document.querySelector<HTMLElement>(".player .play")?.click();
  else if (event.key === "?") store.dispatch({ type: "sheet", sheet: sheet === "help" ? null : "help" });
  else if (event.key === "Escape" && sheet) store.dispatch({ type: "sheet", sheet: null });
  else if (event.key === "Escape") link.intent({ kind: "clearSelection" });
  else return;
  event.preventDefault();
}

function focusOn(control: string): void {
  document.querySelector<HTMLElement>(control)?.focus();
}

/** The document's own steps: the host takes them back where they were made. */
function onHistoryKey(event: KeyboardEvent, link: Panel["link"]): void {
  const key = event.key.toLowerCase();
  if (key === "z") link.intent({ kind: event.shiftKey ? "redo" : "undo" });
  else if (key === "y") link.intent({ kind: "redo" });
  else return;
  event.preventDefault();
}

export function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement && /^(input|textarea|select|vscode-text-field|vscode-dropdown)$/i.test(target.tagName)
  );
}
