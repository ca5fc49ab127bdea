import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import * as vscode from "vscode";

declare const RESULTS: string;
declare const EXAMPLES: string;

const example = "gpt_block.py";
/** Words of it to hover, one after the other. */
const places = ["context = weights", "scores = scores"];

/** How long, in ms, VS Code waits for the mouse to rest (`editor.hover.delay`). */
const rest = 300;

/**
 * How long each hover takes in a window that has just been opened, in ms, as soon as a mouse can ask for it.
 * @param says what every hover has to say.
 */
export async function firstHovers(says: string): Promise<number[]> {
  const text = readFileSync(join(EXAMPLES, example), "utf8");
  const file = join(dirname(RESULTS), example);
  writeFileSync(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  await new Promise((resolve) => setTimeout(resolve, rest));
  const times: number[] = [];
  for (const place of places) times.push(await hover(document, text.indexOf(place), says));
  return times;
}

async function hover(document: vscode.TextDocument, offset: number, says: string): Promise<number> {
  const begin = performance.now();
  const at = document.positionAt(offset);
  const found = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
  const words = found.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join();
  if (!words.includes(says)) throw new Error(`the hover does not say “${says}”`);
  return performance.now() - begin;
}

/** Runs `measure` and writes what it measured where whoever started the window looks for it. */
export async function written(measure: () => Promise<object>): Promise<void> {
  const measured = await measure().catch((error: Error) => ({ error: error.stack ?? String(error) }));
  writeFileSync(RESULTS, JSON.stringify(measured));
}
