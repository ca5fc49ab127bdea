// Files and editors of the window that the tests run in.
import { AssertionError } from "node:assert";
import * as vscode from "vscode";
import type { AttentionLoupe } from "../../../src/api.ts";

export async function loupe(): Promise<AttentionLoupe> {
  return await vscode.extensions.getExtension<AttentionLoupe>("attention-loupe.attention-loupe")!.activate();
}

export function folder(): vscode.Uri {
  return vscode.workspace.workspaceFolders![0]!.uri;
}

/** Writes a file into the folder that is open. Its name must be of this test alone: readings go by address. */
export async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

export async function open(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<vscode.TextEditor> {
  return await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
    preview: false,
    ...options,
  });
}

export async function writeAndOpen(name: string, text: string): Promise<vscode.TextEditor> {
  return await open(await write(name, text));
}

/** A notebook of Python cells, shown. */
export async function notebookOf(name: string, cells: readonly string[]): Promise<vscode.NotebookDocument> {
  const uri = await write(name, JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  const code = cells.map((text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, "python"));
  edit.set(uri, [vscode.NotebookEdit.insertCells(0, code)]);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

/** Closes everything, without asking and without saving. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && !document.isClosed) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Tries again until `check` no longer throws; then gives what it returns. */
export async function eventually<T>(check: () => T | Promise<T>, limit = 60_000): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end || !(error instanceof AssertionError || error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Long enough for what must not happen to have happened. */
export async function settled(milliseconds = 400): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Our own problems of a document. */
export function ownProblems(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Attention Loupe");
}

export async function lensesOf(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return lenses.filter(({ command }) => command?.command.startsWith("attentionLoupe."));
}

/** Everything that our hovers say at a place, as Markdown. */
export async function hoverAt(document: vscode.TextDocument, text: string, within = ""): Promise<string> {
  const from = document.getText().indexOf(within);
  const at = document.positionAt(document.getText().indexOf(text, from));
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (typeof content === "string" ? content : content.value)))
    .join("\n");
}

/** The words of a hover without their markup and pictures. */
export function wordsOf(markdown: string): string {
  return markdown
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** Replaces the first occurrence of `before` in the document, as typing would. */
export async function replace(editor: vscode.TextEditor, before: string, after: string): Promise<void> {
  const at = editor.document.getText().indexOf(before);
  const range = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + before.length));
  if (at < 0 || !(await editor.edit((edit) => edit.replace(range, after))))
    throw new Error(`could not replace ${before}`);
}
