import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { attentionJson, key, query, rows, value } from "./support/matrices.ts";
import {
  closeAll,
  eventually,
  folder,
  hoverAt,
  lensesOf,
  loupe,
  open,
  replace,
  wordsOf,
  write,
  writeAndOpen,
} from "./support/workspace.ts";

const python = `import numpy as np
import torch

Q = np.array(${rows(query)})
K = torch.tensor(${rows(key)})
V = ${rows(value)}
`;

describe("lenses and hovers", () => {
  before(loupe);
  afterEach(closeAll);

  it("put one lens above the query of a JSON file, with every shape", async () => {
    const { document } = await open(vscode.Uri.joinPath(folder(), "attention.json"));
    const [lens, ...others] = await eventually(async () => some(await lensesOf(document.uri)));
    deepStrictEqual(others, []);
    strictEqual(lens!.command?.title, "▷ Attention · Q 4×8 · K 6×8 · V 6×8");
    match(document.lineAt(lens!.range.start.line).text, /"Q"/);
  });

  it("say of literals in Python how many queries and keys there are", async () => {
    const { document } = await writeAndOpen("literals.py", python);
    const [lens] = await eventually(async () => some(await lensesOf(document.uri)));
    strictEqual(lens!.command?.title, "▷ Attention · 2×4");
    match(await hoverAt(document, "Q = "), /2×3/);
    match(await hoverAt(document, "K = "), /4×3/);
  });

  it("follow the text as it is typed", async () => {
    const editor = await writeAndOpen("typed.json", attentionJson());
    await eventually(async () => some(await lensesOf(editor.document.uri)));
    await replace(editor, "[2, 0, 0]", "[2, 0, 0],\n    [7, 7, 7]");
    await replace(editor, "[-1, 2]", "[-1, 2],\n    [7, 7]");
    await eventually(async () => {
      const [lens] = await lensesOf(editor.document.uri);
      strictEqual(lens?.command?.title, "▷ Attention · Q 2×3 · K 5×3 · V 5×2");
    });
  });

  it("say what a tensor and a number in it are", async () => {
    const { document } = await open(vscode.Uri.joinPath(folder(), "attention.json"));
    const name = await eventually(async () => {
      const text = wordsOf(await hoverAt(document, '"K"'));
      match(text, /6×8/);
      return text;
    });
    match(name, /key/);
    match(name, /√d_k = √8 ≈ 2\.828/);
    const number = await hoverAt(document, "2.53");
    match(wordsOf(number), /K\[1, 1\] = 2\.53/);
    match(wordsOf(number), /cat/);
    match(number, /data:image\/svg\+xml/);
  });

  it("trust only the commands that our links may run", async () => {
    const { document } = await open(vscode.Uri.joinPath(folder(), "attention.json"));
    const at = document.positionAt(document.getText().indexOf("2.50"));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      at,
    );
    const ours = hovers
      .flatMap(({ contents }) => contents)
      .filter((content) => content instanceof vscode.MarkdownString);
    ok(ours.length > 0);
    for (const { isTrusted } of ours)
      ok(
        typeof isTrusted === "object" && isTrusted.enabledCommands.every((name) => name.startsWith("attentionLoupe.")),
      );
  });

  it("let nothing in a document become Markdown, HTML or a command", async () => {
    const names = [
      "<|im_start|>",
      "<s>",
      "$(eye)",
      "https://example.org",
      "[x](command:workbench.action.quit)",
      "<img src=x>",
      "| a | b |",
    ];
    const { document } = await writeAndOpen(
      "hostile.json",
      attentionJson({
        more: `,\n  "tokens": ${JSON.stringify(names.slice(0, 2))},\n  "key_tokens": ${JSON.stringify(names.slice(2, 6))}`,
      }),
    );
    const text = await eventually(async () => {
      const shown = await hoverAt(document, "0.25");
      match(shown, /query/);
      return shown;
    });
    doesNotMatch(text, /\]\(command:workbench|<img src=x|<s>|\$\(eye\)/);
  });

  it("show numbers alone where the user wants no pictures, less where brief, nothing where off", async () => {
    const { document } = await open(vscode.Uri.joinPath(folder(), "attention.json"));
    const settings = vscode.workspace.getConfiguration("attentionLoupe");
    const full = await eventually(async () => nonEmpty(await hoverAt(document, "2.53")));
    await settings.update("hoverPictures", false, vscode.ConfigurationTarget.Workspace);
    doesNotMatch(await hoverAt(document, "2.53"), /data:image/);
    await settings.update("hover", "brief", vscode.ConfigurationTarget.Workspace);
    ok((await hoverAt(document, "2.53")).length < full.length / 2);
    await settings.update("hover", "off", vscode.ConfigurationTarget.Workspace);
    strictEqual(await hoverAt(document, "2.53"), "");
    await settings.update("hover", undefined, vscode.ConfigurationTarget.Workspace);
    await settings.update("hoverPictures", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("can be turned off for one language", async () => {
    const { document } = await open(vscode.Uri.joinPath(folder(), "attention.json"));
    await eventually(async () => some(await lensesOf(document.uri)));
    const settings = vscode.workspace.getConfiguration("attentionLoupe", { languageId: "json" });
    await settings.update("codeLens", false, vscode.ConfigurationTarget.Workspace, true);
    await eventually(async () => deepStrictEqual(await lensesOf(document.uri), []));
    await settings.update("codeLens", undefined, vscode.ConfigurationTarget.Workspace, true);
    await eventually(async () => some(await lensesOf(document.uri)));
  });
});

function some<T>(list: T[]): T[] {
  ok(list.length > 0, "expected at least one");
  return list;
}

function nonEmpty(text: string): string {
  ok(text !== "", "expected a hover");
  return text;
}

describe("imports of the workspace", () => {
  before(loupe);
  afterEach(closeAll);

  it("are read, never run", async () => {
    await write("sizes_of_this_test.py", "width = 3\nraise SystemExit\n");
    const { document } = await writeAndOpen(
      "importing.py",
      "import numpy as np\nfrom sizes_of_this_test import width\nx = np.zeros((2, width))\ny = x\n",
    );
    await eventually(async () => match(wordsOf(await hoverAt(document, "x\n")), /2×3/));
  });
});
