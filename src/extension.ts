import { type ExtensionContext, l10n, languages, Uri, window } from "vscode";
import { startCore } from "#platform";
import { type AttentionLoupe, createApi } from "./api.ts";
import { sentenceTables } from "./explain/sentences/tables.ts";
import { sayer } from "./explain/sentences.ts";
import { Choices } from "./features/choices.ts";
import { CodeLenses } from "./features/codeLenses.ts";
import { createCommands } from "./features/commands/createCommands.ts";
import { ContextKeys } from "./features/contextKeys.ts";
import { Diagnostics } from "./features/diagnostics.ts";
import { Hovers } from "./features/hover/hovers.ts";
import { ShapeHints } from "./features/inlayHints.ts";
import { createPanels } from "./features/panel/createPanels.ts";
import { StatusBar } from "./features/statusBar.ts";
import { TensorsTree } from "./features/tensors/tensorsTree.ts";
import { ActiveSource } from "./sources/activeSource.ts";
import { CoreSession } from "./sources/coreSession.ts";
import { DocumentMirror } from "./sources/documentMirror.ts";
import { HandOver } from "./sources/handOver.ts";
import { ourLanguages } from "./sources/languages.ts";
import { LargeFiles } from "./sources/largeFiles.ts";
import { NotebookCells } from "./sources/notebookCells.ts";
import { NotebookOutputs } from "./sources/notebookOutputs.ts";
import { SourceDocuments } from "./sources/sourceDocuments.ts";
import { watchVisible } from "./sources/watchVisible.ts";
import type { Translate } from "./tensor/message.ts";

/** Constructs every part once and joins them. Nothing else does. */
export function activate(context: ExtensionContext): AttentionLoupe {
  const parts = createParts(context);
  const { core, mirror, source, large, outputs, choices, translate, say, log, onFailure, extension } = parts;
  const panels = createPanels(parts, extension);
  context.subscriptions.push(
    ...[log, core, mirror, source, large, outputs, choices, panels],
    new NotebookCells(core, mirror, onFailure),
    new HandOver(core, mirror, onFailure),
    watchVisible(mirror),
    new CodeLenses(mirror, choices, translate),
    new ShapeHints(core, mirror),
    new Diagnostics(mirror, choices, say),
    new ContextKeys(mirror, choices),
    new StatusBar(parts),
    new TensorsTree(parts),
    languages.registerHoverProvider([...ourLanguages], new Hovers(parts)),
    createCommands(parts, panels),
  );
  return createApi(parts);
}

function createParts({ extensionUri: extension, globalStorageUri, workspaceState }: ExtensionContext) {
  const log = window.createOutputChannel("Attention Loupe", { log: true });
  const onFailure = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const translate: Translate = (text, args) => (args ? l10n.t(text, { ...args }) : l10n.t(text));
  const say = sayer(translate, sentenceTables);
  const places = { dist: placeOf(Uri.joinPath(extension, "dist")), storage: placeOf(globalStorageUri) };
  const start = () => startCore(places, (text) => log.info(text));
  const core = new CoreSession(start, {
    onEnd(why, last) {
      log.error(why);
      if (last) void window.showErrorMessage(say({ code: "source.down" }));
    },
  });
  const mirror = new DocumentMirror(core, onFailure);
  const source = new ActiveSource(mirror);
  const choices = new Choices(workspaceState);
  const title = (name: string) => translate("Reading {name}", { name });
  const large = new LargeFiles({ core, mirror, onFailure, title });
  const outputs = new NotebookOutputs({ core, mirror, source, onFailure });
  const documents = new SourceDocuments(mirror, source, large, outputs);
  return { core, mirror, source, large, outputs, documents, choices, translate, say, log, onFailure, extension };
}

function placeOf(uri: Uri): string {
  return uri.scheme === "file" ? uri.fsPath : uri.toString(true);
}
