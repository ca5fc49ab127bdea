import type { Action } from "../../explain/blocks.ts";

const commands: Readonly<Record<Action, string | null>> = {
  run: "attentionLoupe.run",
  showInPanel: "attentionLoupe.showInPanel",
  useAs: "attentionLoupe.choose",
  copyNumPy: "attentionLoupe.copyNumPy",
  copyTorch: "attentionLoupe.copyPyTorch",
  explain: "attentionLoupe.explain",
  goTo: "attentionLoupe.goTo",
};

/** The command of a link in a hover; its one argument is the link's `LinkTarget`. */
export function commandOf(action: Action): string | null {
  return commands[action];
}

/** The only commands that a link in a hover may run. */
export const linkCommands: readonly string[] = Object.values(commands).filter((command) => command !== null);
