// Runs inside the extension host of a fresh window: the first file that anyone opens in it is Python.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import * as vscode from "vscode";

declare const RESULTS: string;

const id = "attention-loupe.attention-loupe";
/** How long, in ms, VS Code waits for the mouse to rest (`editor.hover.delay`). */
const rest = 300;
const example = "gpt_block.py";

export async function run(): Promise<void> {
  const measured = await measure().catch((error: Error) => ({ error: error.stack ?? String(error) }));
  writeFileSync(RESULTS, JSON.stringify(measured));
}

/** The first hover and the next one, in ms: the extension starts because the file is opened. */
async function measure() {
  const extension = vscode.extensions.getExtension(id)!;
  /** VS Code may have started it for something that it remembered. */
  const wasActive = extension.isActive;
  const text = readFileSync(join(extension.extensionPath, "examples", example), "utf8");
  const file = join(dirname(RESULTS), example);
  writeFileSync(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  await new Promise((resolve) => setTimeout(resolve, rest));
  const first = await hover(document, text.indexOf("context = weights"));
  const next = await hover(document, text.indexOf("scores = scores"));
  return { first, next, wasActive };
}

async function hover(document: vscode.TextDocument, offset: number): Promise<number> {
  const begin = performance.now();
  const at = document.positionAt(offset);
  const found = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
  const words = found.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join();
  if (!words.includes("heads")) throw new Error("the hover does not tell the shape");
  return performance.now() - begin;
}
