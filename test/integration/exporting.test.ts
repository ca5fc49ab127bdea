import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { type TestPanel, withPanel } from "./support/panel.ts";
import { eventually, settled, writeAndOpen } from "./support/workspace.ts";

describe("a program that the panel exports", () => {
  let panel: TestPanel;
  withPanel((made) => {
    panel = made;
  });

  async function opened(name: string): Promise<void> {
    await writeAndOpen(name, largeText());
    await eventually(() => ok(panel.snapshot.result, "expected a result"));
  }

  /** Large enough that a program loads them rather than writing them out. */
  function largeText(): string {
    const rows = (shift: number) =>
      Array.from({ length: 70 }, (_, i) => Array.from({ length: 64 }, (_, j) => ((i * 7 + j + shift) % 11) / 4 - 1));
    return JSON.stringify({ Q: rows(1), K: rows(3), V: rows(5) });
  }

  function exportProgram(to: "file" | "clipboard"): void {
    const { result } = panel.snapshot.result!;
    const head = { result, batch: 0, head: 0, stage: "weights" as const, query: null, key: null };
    panel.intend({ kind: "export", ...head, format: "numpy", to, picture: { colorMap: "viridis", scale: "linear" } });
  }

  it("is saved with what it loads beside it, and replaces nothing unasked", async () => {
    await opened("wide.json");
    const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, "program");
    await vscode.workspace.fs.createDirectory(folder);
    const [to, taken] = ["wide-numpy.py", "wide-K.npy"].map((name) => vscode.Uri.joinPath(folder, name));
    await vscode.workspace.fs.writeFile(taken!, new TextEncoder().encode("mine"));
    const asked: string[] = [];
    await answering({ showSaveDialog: to, showWarningMessage: undefined }, asked, async () => {
      exportProgram("file");
      await eventually(() =>
        ok(
          asked.some((text) => text.includes("wide-K.npy")),
          asked.join(),
        ),
      );
      await settled();
    });
    deepStrictEqual(await namesIn(folder), ["wide-K.npy"]);
    await answering({ showSaveDialog: to, showWarningMessage: "Replace" }, asked, async () => {
      exportProgram("file");
      await eventually(async () =>
        deepStrictEqual(await namesIn(folder), ["wide-K.npy", "wide-Q.npy", "wide-V.npy", "wide-numpy.py"]),
      );
    });
    const q = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, "wide-Q.npy"));
    strictEqual(q.length, 128 + 70 * 64 * 8);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it("offers to save what it loads where it was copied", async () => {
    await opened("copied.json");
    const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, "copied");
    await vscode.workspace.fs.createDirectory(folder);
    const answers = { showInformationMessage: "Save These Files…", showOpenDialog: [folder] };
    await answering(answers, [], async () => {
      exportProgram("clipboard");
      await eventually(async () =>
        deepStrictEqual(await namesIn(folder), ["copied-K.npy", "copied-Q.npy", "copied-V.npy"]),
      );
    });
    match(await vscode.env.clipboard.readText(), /np\.load\("copied-Q\.npy"\)/);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });
});

async function namesIn(folder: vscode.Uri): Promise<string[]> {
  return (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
}

/** Dialogs that nobody can press in a test answer by themselves; what they ask is written down. */
async function answering(
  answers: Readonly<Record<string, unknown>>,
  asked: string[],
  work: () => Promise<void>,
): Promise<void> {
  const dialogs = vscode.window as unknown as Record<string, unknown>;
  const before = Object.keys(answers).map((name) => [name, dialogs[name]] as const);
  for (const [name, answer] of Object.entries(answers)) {
    dialogs[name] = async (text: unknown) => {
      asked.push(String(text));
      return answer;
    };
  }
  try {
    await work();
  } finally {
    for (const [name, dialog] of before) dialogs[name] = dialog;
  }
}
