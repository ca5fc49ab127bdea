import { closeSync, openSync, writeSync } from "node:fs";
import * as vscode from "vscode";

const bytes = 200_000_000;
const keys = 1024;

/** How much the extension host grows when a dump of 200 MB opens in the panel, against the bytes of its numbers. */
export async function measureLargeDump(uri: vscode.Uri): Promise<{ numbers: number; growth: number; seconds: number }> {
  const numbers = writeDump(uri.fsPath);
  await vscode.workspace.getConfiguration("workbench").update("editorLargeFileConfirmation", 1000, true);
  await vscode.commands.executeCommand("vscode.open", uri);
  await pause(5000);
  const before = process.memoryUsage().rss;
  const begin = Date.now();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  await vscode.commands.executeCommand("attentionLoupe.run");
  const seconds = (Date.now() - begin) / 1000;
  await pause(3000);
  clearInterval(watch);
  return { numbers: numbers * 8, growth: most - before, seconds };
}

/** Q, K and V, and the weights of as many heads as there is room for. Gives how many numbers there are. */
function writeDump(path: string): number {
  const file = openSync(path, "w");
  const row = (length: number, from: number) =>
    JSON.stringify(Array.from({ length }, (_, at) => Number(Math.sin(from + at).toFixed(9))));
  const matrix = (columns: number) => `[${Array.from({ length: keys }, (_, at) => row(columns, at)).join(",\n")}]`;
  writeSync(file, `{${["Q", "K", "V"].map((name) => `"${name}": ${matrix(64)}`).join(",\n")}, "attentions": [\n`);
  const head = matrix(keys);
  const heads = Math.ceil(bytes / head.length);
  for (let at = 0; at < heads; at++) writeSync(file, `${head}${at < heads - 1 ? ",\n" : ""}`);
  writeSync(file, "]}\n");
  closeSync(file);
  return keys * (3 * 64 + heads * keys);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
