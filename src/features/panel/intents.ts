import { commands, env } from "vscode";
import type { Choice, ResultSummary } from "../../protocol/core.ts";
import type { PanelIntent } from "../../protocol/panel.ts";
import { takenBack, triedOut } from "../../protocol/whatIf.ts";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { CellToEditor } from "./cellToEditor.ts";
import type { FocusedQuery } from "./focusedQuery.ts";
import type { InsertWeights } from "./insertWeights.ts";
import type { PanelExports } from "./panelExports.ts";
import type { PanelSession } from "./session.ts";
import type { TextEdits } from "./textEdits.ts";

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
    const { result, uri, trials, tour } = session.state;
    switch (intent.kind) {
      case "select": {
        session.pick();
        const seen = seenIn(intent.result, session);
        if (!seen) return;
        focused.set({ uri: seen.result.uri, ...intent });
        return editor.select(seen.result, seen.choice, intent);
      }
      case "goTo": {
        const seen = seenIn(intent.result, session);
        return seen && session.ownMoves.during((expect) => editor.goTo(seen.result, seen.choice, intent, expect));
      }
      case "selectPart": {
        session.pick();
        const seen = seenIn(intent.result, session);
        return seen?.result.written ? editor.selectPart(seen.result, intent.part) : undefined;
      }
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
        return edits.write(intent.number, { value: intent.number.value, precision: intent.precision }, session);
      case "nudge":
        return edits.write(intent.number, { steps: intent.steps, precision: "drag" }, session);
      case "undo":
      case "redo":
        return edits.step(intent.kind, session, refocus);
      // While another document is on its way, the page still shows the one before: that is what was meant.
      case "tryOut":
        return uri === session.uri ? session.tryOut(triedOut(trials, intent.change)) : undefined;
      case "takeBack":
        return uri === session.uri ? session.tryOut(takenBack(trials)) : undefined;
      case "keepBaseline":
        return intent.result === null ? session.keep(null) : session.keepShown(intent.result);
      case "chooseSite":
        return uri === null ? undefined : session.show(uri, intent.site === "" ? null : { site: intent.site });
      case "turnTour":
        return session.turn(intent.serial, intent.page);
      case "closeTour":
        return tour?.serial === intent.serial ? session.tell(null) : undefined;
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

/** The result that the page speaks of, though a newer one of the same document may be on its way to it. */
function seenIn(number: number, session: PanelSession): { result: ResultSummary; choice: Choice | null } | undefined {
  const { result: shown, shownChoice } = session.state;
  const result = session.recent(number);
  if (!result || result.uri !== shown?.uri) return undefined;
  return { result, choice: result.site === null ? shownChoice : { site: result.site } };
}
