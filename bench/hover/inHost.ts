// Runs inside the extension host: how long our hover provider takes there, and of that the core's answer.
import { writeFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import * as vscode from "vscode";

declare const RESULTS: string;

const warmHovers = 200;

interface Times {
  readonly hover: number[];
  readonly facts: number[];
}

export async function run(): Promise<void> {
  const measured = await measure().catch((error: Error) => ({ error: error.stack ?? String(error) }));
  writeFileSync(RESULTS, JSON.stringify(measured));
}

async function measure() {
  await vscode.extensions.getExtension("attention-loupe.attention-loupe")!.activate();
  // JSON first: it meets a core that has just been started, Python one that has no parser yet.
  const json = await measureFile("first.json", jsonText());
  const python = await measureFile("first.py", pythonText());
  return { json, python, large: await measureFile("large.json", jsonText(10_000_000)) };
}

/** The first hover as early as a mouse can ask for it (VS Code waits 300 ms), then many over all of the document. */
async function measureFile(name: string, text: string) {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  await pause(300);
  const times: Times = { hover: [], facts: [] };
  const observer = new PerformanceObserver((list) => {
    for (const { name: what, duration } of list.getEntries()) {
      if (what === "attentionLoupe.hover") times.hover.push(duration);
      if (what === "attentionLoupe.facts") times.facts.push(duration);
    }
  });
  observer.observe({ entryTypes: ["measure"] });
  const whole: number[] = [];
  for (let at = 0; at <= warmHovers; at++)
    whole.push(await hover(document, 2 + ((at * 37) % (document.lineCount - 4))));
  await pause(50);
  observer.disconnect();
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  return { hover: summary(times.hover), facts: summary(times.facts), whole: summary(whole) };
}

/** In ms, with all that VS Code and other extensions do for it. */
async function hover(document: vscode.TextDocument, line: number): Promise<number> {
  const text = document.lineAt(line).text;
  const place = new vscode.Position(line, Math.max(0, text.search(/\d/)));
  const begin = performance.now();
  await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, place);
  return performance.now() - begin;
}

function summary([first, ...warm]: readonly number[]) {
  if (first === undefined || warm.length === 0) throw new Error("no hover of ours was measured");
  const sorted = [...warm].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  return { first, p50: at(0.5), p95: at(0.95) };
}

/** Q, K and V, a row a line; of 64 columns and as many rows as it takes for so many characters. */
function jsonText(characters = 1500): string {
  const next = numbers();
  const columns = characters > 10_000 ? 64 : 4;
  const rows = Math.ceil(characters / 3 / (columns * 10));
  const matrix = (name: string) => `"${name}": [\n${rowsOf(rows, columns, next).join(",\n")}\n]`;
  return `{\n${["Q", "K", "V"].map(matrix).join(",\n")}\n}\n`;
}

function pythonText(): string {
  const next = numbers();
  const matrix = (name: string) => `${name} = np.array([\n${rowsOf(12, 4, next).join(",\n")}\n])`;
  const softmax = "w = np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)";
  return `import numpy as np\n\n${["Q", "K", "V"].map(matrix).join("\n")}\ns = Q @ K.T / np.sqrt(4)\n${softmax}\no = w @ V\n`;
}

function rowsOf(rows: number, columns: number, next: () => string): string[] {
  return Array.from({ length: rows }, () => `  [${Array.from({ length: columns }, next).join(", ")}]`);
}

function numbers(): () => string {
  let seed = 1;
  return () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647 - 0.5).toFixed(6);
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
