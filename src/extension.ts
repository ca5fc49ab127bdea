import { type ExtensionContext, l10n, languages, Uri, window } from "vscode";
import { startCore } from "#platform";
import { type AttentionLoupe, createApi } from "./api.ts";
import { attentionSentences } from "./explain/sentences/attention.ts";
import { jsonSentences } from "./explain/sentences/json.ts";
import { pythonSentences } from "./explain/sentences/python.ts";
import { serviceSentences } from "./explain/sentences/service.ts";
import { sayer } from "./explain/sentences.ts";
import { Choices } from "./features/choices.ts";
import { CodeLenses } from "./features/codeLenses.ts";
import { ChooseTensors } from "./features/commands/chooseTensors.ts";
import { commandTable } from "./features/commands/commandTable.ts";
import { OpenExample } from "./features/commands/openExample.ts";
import { registerCommands } from "./features/commands/register.ts";
import { RunOnFile } from "./features/commands/runOnFile.ts";
import { ContextKeys } from "./features/contextKeys.ts";
import { Diagnostics } from "./features/diagnostics.ts";
import { Hovers } from "./features/hover/hovers.ts";
import { Paint } from "./features/paint/paint.ts";
import { CellToEditor } from "./features/panel/cellToEditor.ts";
import { EditorPanels } from "./features/panel/editorPanels.ts";
import { FocusedQuery } from "./features/panel/focusedQuery.ts";
import { PanelIntents } from "./features/panel/intents.ts";
import { Panels } from "./features/panel/panels.ts";
import { PanelView } from "./features/panel/panelView.ts";
import { RowHighlights } from "./features/panel/rowHighlights.ts";
import { PanelSession } from "./features/panel/session.ts";
import { TextEdits } from "./features/panel/textEdits.ts";
import { StatusBar } from "./features/statusBar.ts";
import { TensorCommands } from "./features/tensors/tensorCommands.ts";
import { TensorsTree } from "./features/tensors/tensorsTree.ts";
import { Explain } from "./features/tour/explain.ts";
import { ActiveSource } from "./sources/activeSource.ts";
import { CoreSession } from "./sources/coreSession.ts";
import { DocumentMirror } from "./sources/documentMirror.ts";
import { ourLanguages } from "./sources/languages.ts";
import { NotebookCells } from "./sources/notebookCells.ts";
import { watchVisible } from "./sources/watchVisible.ts";
import type { Translate } from "./tensor/message.ts";

/** Constructs every part once and joins them. Nothing else does. */
export function activate({ extensionUri, subscriptions, workspaceState }: ExtensionContext): AttentionLoupe {
  const log = window.createOutputChannel("Attention Loupe", { log: true });
  const onFailure = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const translate: Translate = (text, args) => (args ? l10n.t(text, { ...args }) : l10n.t(text));
  const say = sayer(translate, [attentionSentences, jsonSentences, pythonSentences, serviceSentences]);
  const core = new CoreSession(
    () => startCore(distOf(extensionUri), (text) => log.info(text)),
    (why) => log.error(why),
  );
  const mirror = new DocumentMirror(core, onFailure);
  const source = new ActiveSource(mirror);
  const choices = new Choices(workspaceState);
  const parts = { core, mirror, source, choices, translate, say, onFailure };
  const highlights = new RowHighlights();
  const editor = new CellToEditor(core, mirror, highlights);
  const focused = new FocusedQuery();
  const edits = new TextEdits({ ...parts, editor });
  const controller = { ...parts, focused, intents: new PanelIntents({ editor, edits, focused, source }) };
  const newSession = () => new PanelSession(parts);
  const view = new PanelView(newSession(), extensionUri, controller);
  const editors = new EditorPanels(extensionUri, newSession, controller);
  const panels = new Panels(view, editors, source, mirror);
  const paint = new Paint({ ...parts, panels, focused });
  const example = new OpenExample(extensionUri, translate);
  const choose = new ChooseTensors({ ...parts, panels });
  const explain = new Explain(extensionUri, { ...parts, panels });
  const run = new RunOnFile({ ...parts, panels, choose, example });
  subscriptions.push(
    log,
    core,
    mirror,
    source,
    choices,
    highlights,
    view,
    editors,
    panels,
    focused,
    paint,
    new TensorsTree(parts),
    new NotebookCells(core, mirror, onFailure),
    watchVisible(mirror),
    new CodeLenses(mirror, choices, translate),
    new Diagnostics(mirror, choices, say),
    new ContextKeys(mirror, choices),
    new StatusBar(mirror, choices, translate),
    languages.registerHoverProvider([...ourLanguages], new Hovers(parts)),
    registerCommands(
      commandTable({
        ...{ run, choose, example, panels, source, editor, explain, paint, log },
        tensors: new TensorCommands(parts),
      }),
      onFailure,
    ),
  );
  return createApi(parts);
}

function distOf(extension: Uri): string {
  const dist = Uri.joinPath(extension, "dist");
  return dist.scheme === "file" ? dist.fsPath : dist.toString(true);
}
