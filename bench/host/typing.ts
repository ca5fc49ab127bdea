import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import * as vscode from "vscode";
import type { AttentionLoupe } from "../../src/api.ts";

const keystrokes = 100;
/** How long, in ms, after new weights the next key comes: nearly as a key that is held down repeats, and as a quick typist goes on. */
const [held, typist] = [30, 100];
/** Where the first row of Q is, in lines from 0, and its first digit behind the point. */
const [firstRow, digit] = [2, 6];

/** In ms, a keystroke each. */
export interface Typed {
  /** From the start of the change event to a row of the new weights: a digit of Q; a row of Q added, and taken away again. */
  readonly digits: readonly number[];
  /** The digits once more, at the pace of a quick typist. */
  readonly slowly: readonly number[];
  readonly rows: readonly number[];
  /** From the same moment: a message to a thread that does nothing, and its answer. */
  readonly thread: readonly number[];
}

type Edit = (builder: vscode.TextEditorEdit, at: number) => void;

/** Types into the Q of a document, while its weights are asked for as the panel does. */
export async function measureTyping(api: AttentionLoupe, editor: vscode.TextEditor): Promise<Typed> {
  const idle = new Worker(
    'const { parentPort: port } = require("node:worker_threads"); port.on("message", (it) => port.postMessage(it));',
    { eval: true },
  );
  const thread: number[] = [];
  const typed = (edit: Edit, pace = held) => timesOf(api, editor, edit, idle, thread, pace);
  const placeOf = (at: number) => new vscode.Range(firstRow + at, digit, firstRow + at, digit + 1);
  const digits = await typed((builder, at) => builder.replace(placeOf(at), String(1 + (at % 9))));
  const row = `${editor.document.lineAt(firstRow).text}\n`;
  const rows = await typed((builder, at) => {
    if (at % 2) builder.delete(new vscode.Range(firstRow + at - 1, 0, firstRow + at, 0));
    else builder.insert(new vscode.Position(firstRow + at, 0), row);
  });
  const slowly = await typed(
    // Other digits than before: an edit that changes nothing is none.
    (builder, at) => builder.replace(placeOf(at), String(1 + ((at + 4) % 9))),
    typist,
  );
  await idle.terminate();
  return { digits, slowly, rows, thread };
}

async function timesOf(
  api: AttentionLoupe,
  { document, edit }: vscode.TextEditor,
  change: Edit,
  idle: Worker,
  thread: number[],
  pace: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < keystrokes; at++) {
    const { promise: weights, resolve, reject } = Promise.withResolvers<number>();
    const listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || event.contentChanges.length === 0) return;
      const begin = performance.now();
      idle.once("message", () => thread.push(performance.now() - begin));
      idle.postMessage(at);
      rowOfWeights(api, document).then(() => resolve(performance.now() - begin), reject);
    });
    await edit((builder) => change(builder, at));
    times.push(await weights);
    listener.dispose();
    await new Promise((done) => setTimeout(done, pace));
  }
  return times;
}

async function rowOfWeights(api: AttentionLoupe, document: vscode.TextDocument): Promise<void> {
  const summary = await api.inspect(document);
  const answer = await api.attend({ document, choice: { site: summary!.sites[0]!.id } });
  if (!answer.ok) throw new Error(answer.text);
  await answer.value.weights({ query: 0 });
  answer.value.dispose();
}
