import { Disposable, type Uri } from "vscode";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { NotebookOutputs } from "../../sources/notebookOutputs.ts";
import type { SourceDocuments } from "../../sources/sourceDocuments.ts";
import { FarColumns } from "../farColumns.ts";
import { CellToEditor } from "./cellToEditor.ts";
import { EditorPanels } from "./editorPanels.ts";
import { FocusedQuery } from "./focusedQuery.ts";
import { InsertWeights } from "./insertWeights.ts";
import { PanelIntents } from "./intents.ts";
import { PanelExports } from "./panelExports.ts";
import { Panels } from "./panels.ts";
import { PanelView } from "./panelView.ts";
import { RowHighlights } from "./rowHighlights.ts";
import { PanelSession, type SessionParts } from "./session.ts";
import { TextEdits } from "./textEdits.ts";

export interface PanelFeature extends Disposable {
  readonly panels: Panels;
  readonly editor: CellToEditor;
  readonly focused: FocusedQuery;
}

/** Joins what belongs to panels: pages, sessions, and the ways between page and editor. */
export function createPanels(
  parts: SessionParts & {
    readonly source: ActiveSource;
    readonly outputs: NotebookOutputs;
    readonly documents: SourceDocuments;
  },
  extension: Uri,
): PanelFeature {
  const { source, mirror } = parts;
  const highlights = new RowHighlights();
  const focused = new FocusedQuery();
  const editor = new CellToEditor({ ...parts, highlights, far: new FarColumns(parts.translate) });
  const edits = new TextEdits({ ...parts, editor });
  const [exports, weights] = [new PanelExports(parts), new InsertWeights(parts)];
  const intents = new PanelIntents({ editor, edits, exports, weights, focused, source });
  const controller = { ...parts, focused, intents };
  const view = new PanelView(new PanelSession(parts), extension, controller, parts.documents, source);
  const editors = new EditorPanels(extension, () => new PanelSession(parts), controller, parts.documents);
  const panels = new Panels(view, editors, source, mirror);
  const all = Disposable.from(panels, editors, view, focused, highlights);
  return { panels, editor, focused, dispose: () => all.dispose() };
}
