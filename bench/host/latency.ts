// Runs inside the extension host, beside the extension as a user has it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import * as vscode from "vscode";
import type { AttentionLoupe } from "../../src/api.ts";
import { measureLargeDump } from "./largeDump.ts";
import { measureTyping } from "./typing.ts";

declare const RESULTS: string;

const id = "attention-loupe.attention-loupe";
const hovers = 100;
const keystrokes = 100;
const megabyte = 1_000_000;

interface Marks {
  getMarks(): readonly { readonly name: string; readonly startTime: number }[];
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export async function run(): Promise<void> {
  const measured = await measure().catch((error: Error) => ({ error: error.stack ?? String(error) }));
  writeFileSync(RESULTS, JSON.stringify(measured));
}

async function measure() {
  const api = await vscode.extensions.getExtension<AttentionLoupe>(id)!.activate();
  const activation = {
    load: between("willLoadExtensionCode", "didLoadExtensionCode"),
    activate: between("willActivateExtension", "didActivateExtension"),
    /** With what VS Code itself does in between, such as fetching the stored state. */
    whole: between("willLoadExtensionCode", "didActivateExtension"),
  };
  // JSON first: it meets a core that has just been started, Python one that has no parser yet.
  const example = { json: await exampleHover("json", jsonText), python: await exampleHover("py", pythonText) };
  const sizes = [];
  for (const size of [1, 10]) sizes.push(await measureSize(api, size));
  const eventLoop = await measureEventLoop();
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const large = await measureLargeDump(vscode.Uri.joinPath(folder, "dump.json"));
  return { activation, example, sizes, eventLoop, large };
}

/** What VS Code notes of our start; in ms. */
function between(first: string, last: string): number {
  const { getMarks } = (globalThis as unknown as { MonacoPerformanceMarks: Marks }).MonacoPerformanceMarks;
  const time = (name: string) => getMarks().find((mark) => mark.name === `code/extHost/${name}/${id}`)?.startTime;
  const [begin, end] = [time(first), time(last)];
  if (begin === undefined || end === undefined) throw new Error("VS Code has not noted when the extension was started");
  return end - begin;
}

const rows = "[[0.5, 1.0, -2.0], [3.0, 0.25, 1.5]]";
const pythonText = `import numpy as np\n\nQ = np.array(${rows})\nK = Q\nV = Q\n`;
const jsonText = `{\n\n"Q": ${rows},\n"K": ${rows},\n"V": ${rows}}\n`;

/**
 * The first hover in a small file, as early as a mouse can ask for it: VS Code waits 300 ms for it to rest
 * (`editor.hover.delay`). In ms. For JSON it includes VS Code's own JSON service, which answers the same request; nothing
 * else answers for Python.
 */
async function exampleHover(ending: string, text: string): Promise<number> {
  const document = await vscode.workspace.openTextDocument(write(`first.${ending}`, text));
  await vscode.window.showTextDocument(document);
  await pause(300);
  const begin = performance.now();
  await hover(document, 2, text.split("\n")[2]!.indexOf("0.5") + 1);
  return performance.now() - begin;
}

async function measureSize(api: AttentionLoupe, megabytes: number) {
  const uri = write(`${megabytes}.json`, attentionText(megabytes * megabyte));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const begin = performance.now();
  await hover(document, 2);
  const firstHover = performance.now() - begin;
  const warm: number[] = [];
  for (let at = 0; at < hovers; at++) warm.push(await timed(() => hover(document, 2 + ((at * 37) % 400))));
  const { digits, slowly, rows: added, thread } = await measureTyping(api, editor);
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  const typing = {
    keystroke: percentiles(digits),
    slowly: percentiles(slowly),
    row: percentiles(added),
    thread: percentiles(thread),
  };
  return { name: `${megabytes} MB`, firstHover, hover: percentiles(warm), ...typing };
}

async function hover(document: vscode.TextDocument, line: number, character = 5): Promise<void> {
  const place = new vscode.Position(line, character);
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    place,
  );
  if (found.length === 0) throw new Error(`no hover in line ${line}`);
}

/** The same typing in a document of ours and in one that nobody reads. */
async function measureEventLoop() {
  const text = attentionText(megabyte);
  const delays: Record<string, number> = {};
  for (const [name, ending] of [
    ["without", "txt"],
    ["ours", "json"],
  ] as const) {
    const document = await vscode.workspace.openTextDocument(write(`loop.${ending}`, text));
    const editor = await vscode.window.showTextDocument(document);
    await pause(1500);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    for (let at = 0; at < keystrokes; at++) {
      const digit = new vscode.Range(2 + at, 4, 2 + at, 5);
      await editor.edit((builder) => builder.replace(digit, String(1 + (at % 9))));
      await pause(30);
    }
    delay.disable();
    delays[name] = delay.percentile(99) / 1e6;
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  return delays;
}

/** Q, K and V of 512×64, a row a line, and as much else as the size asks for. */
function attentionText(length: number): string {
  let seed = 1;
  const next = () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647).toFixed(6);
  };
  const row = () => `   ${`[${Array.from({ length: 64 }, next).join(", ")}]`}`;
  const matrix = (rows: number) => `[\n${Array.from({ length: rows }, row).join(",\n")}]`;
  const parts = ["Q", "K", "V"].map((name) => `"${name}": ${matrix(512)}`);
  const missing = length - parts.reduce((sum, part) => sum + part.length, 0);
  const padding = missing > 1000 ? [`"other": ${matrix(Math.ceil(missing / row().length))}`] : [];
  return `{\n${[...parts, ...padding].join(",\n")}\n}\n`;
}

function write(name: string, text: string): vscode.Uri {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  writeFileSync(join(uri.fsPath), text);
  return uri;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function percentiles(times: number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
