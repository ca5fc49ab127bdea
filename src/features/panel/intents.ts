import { commands, env } from "vscode";
import type { PanelIntent } from "../../protocol/panel.ts";
import { changed } from "../../protocol/whatIf.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { CellToEditor } from "./cellToEditor.ts";
import type { FocusedQuery } from "./focusedQuery.ts";
import type { InsertWeights } from "./insertWeights.ts";
import type { PanelExports } from "./panelExports.ts";
import type { PanelSession } from "./session.ts";
import type { TextEdits } from "./textEdits.ts";
import { optionsOf, whatIfOf } from "./whatIf.ts";

export interface IntentParts {
  readonly editor: CellToEditor;
  readonly edits: TextEdits;
  readonly exports: PanelExports;
  readonly weights: InsertWeights;
  readonly focused: FocusedQuery;
  readonly source: ActiveSource;
}

/** Does what a user asked for in a panel. */
export class PanelIntents {
  readonly #parts: IntentParts;

  constructor(parts: IntentParts) {
    this.#parts = parts;
  }

  /** @param refocus gives the focus back to the page that the intent came from. */
  async act(intent: PanelIntent, session: PanelSession, refocus: () => Promise<void>): Promise<void> {
    const { editor, source, focused, edits, exports, weights } = this.#parts;
    const { result, uri, overrides } = session.state;
    switch (intent.kind) {
      case "select":
        if (result?.result !== intent.result) return;
        focused.set({ uri: result.uri, ...intent });
        return editor.select(result, session.state.shownChoice, intent);
      case "goTo":
        return result?.result === intent.result
          ? session.quietly(() => editor.goTo(result, session.state.shownChoice, intent))
          : undefined;
      case "selectPart":
        return result?.result === intent.result ? editor.selectPart(result, intent.part) : undefined;
      case "clearSelection":
        return editor.clear();
      case "stop":
        return session.stop();
      case "revealSource":
        return uri === null ? undefined : editor.reveal(uri);
      case "setPinned":
        return intent.pinned ? session.pin(true) : session.unpin(source.uri);
      case "preview":
        return edits.preview(intent.number, session);
      case "edit":
        return edits.write(intent.number, intent.precision, session);
      case "undo":
      case "redo":
        return edits.step(intent.kind, session, refocus);
      case "tryOut":
        return session.override(optionsOf(changed(whatIfOf(overrides), intent.change)));
      case "keepBaseline":
        return session.keep(intent.result !== null && intent.result === result?.result ? result : null);
      case "chooseSite":
        return uri === null ? undefined : session.show(uri, intent.site === "" ? null : { site: intent.site });
      case "turnTour":
        return session.turn(intent.page);
      case "closeTour":
        return session.tell(null);
      case "export":
        return uri === null ? undefined : exports.export(intent, uri);
      case "save":
        return uri === null ? undefined : exports.save(intent.bytes, intent.name, uri);
      case "insertWeights":
        return result?.result === intent.result ? weights.insert(result, intent) : undefined;
      case "copy":
        return void (await env.clipboard.writeText(intent.text));
      case "command":
        return void (await commands.executeCommand(`attentionLoupe.${intent.command}`));
    }
  }
}
