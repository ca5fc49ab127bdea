import { commands, env } from "vscode";
import type { PanelIntent } from "../../protocol/panel.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { CellToEditor } from "./cellToEditor.ts";
import type { PanelSession } from "./session.ts";
import { optionsOf } from "./snapshot.ts";

/** Does what a user asked for in a panel. */
export class PanelIntents {
  readonly #editor: CellToEditor;
  readonly #source: ActiveSource;

  constructor(editor: CellToEditor, source: ActiveSource) {
    this.#editor = editor;
    this.#source = source;
  }

  async act(intent: PanelIntent, session: PanelSession): Promise<void> {
    const { result, uri, overrides } = session.state;
    switch (intent.kind) {
      case "select":
        return result?.result === intent.result ? this.#editor.select(result, intent) : undefined;
      case "goTo":
        return result?.result === intent.result ? this.#editor.goTo(result, intent) : undefined;
      case "clearSelection":
        return this.#editor.clear();
      case "revealSource":
        return uri === null ? undefined : this.#editor.reveal(uri);
      case "setPinned":
        return intent.pinned ? session.pin(true) : session.unpin(this.#source.uri);
      case "setCausal": {
        const { causal: _, ...others } = overrides;
        return session.override({ ...others, ...(intent.causal !== null && { causal: intent.causal }) });
      }
      case "setScale": {
        const { scale: _, ...others } = overrides;
        return session.override({ ...others, ...(intent.scale !== null && { scale: intent.scale }) });
      }
      case "setWhatIf":
        return session.override(optionsOf(intent.whatIf));
      case "keepBaseline":
        return session.keep(intent.result !== null && intent.result === result?.result ? result : null);
      case "chooseSite":
        return uri === null ? undefined : session.show(uri, intent.site === "" ? null : { site: intent.site });
      case "turnTour":
        return session.turn(intent.page);
      case "closeTour":
        return session.tell(null);
      case "copy":
        return void (await env.clipboard.writeText(intent.text));
      case "command":
        return void (await commands.executeCommand(`attentionLoupe.${intent.command}`));
    }
  }
}
