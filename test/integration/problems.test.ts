import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { attentionJson, key, query, rows, value } from "./support/matrices.ts";
import {
  closeAll,
  eventually,
  hoverAt,
  loupe,
  ownProblems,
  replace,
  settled,
  writeAndOpen,
} from "./support/workspace.ts";

/** The problems of a document, once it has been read. */
async function problemsIn(
  name: string,
  text: string,
): Promise<{ document: vscode.TextDocument; problems: vscode.Diagnostic[] }> {
  const { document } = await writeAndOpen(name, text);
  const problems = await eventually(() => {
    const found = ownProblems(document.uri);
    ok(found.length > 0, "expected a problem");
    return found;
  });
  return { document, problems };
}

describe("problems of a document with attention in it", () => {
  before(loupe);
  afterEach(closeAll);

  it("a ragged row: which, how long, what was expected", async () => {
    const { document, problems } = await problemsIn(
      "ragged-key.json",
      attentionJson({ k: [key[0]!, [0, 2], key[2]!, key[3]!] }),
    );
    const [problem] = problems;
    match(problem!.message, /2/);
    match(problem!.message, /3/);
    match(document.getText(problem!.range), /0, 2/);
  });

  it("widths of Q and K that differ: both shapes, at the key, once", async () => {
    const { document, problems } = await problemsIn(
      "widths.json",
      attentionJson({ k: key.map((row) => row.slice(1)) }),
    );
    strictEqual(problems.length, 1);
    match(problems[0]!.message, /2×3/);
    match(problems[0]!.message, /4×2/);
    match(document.getText(problems[0]!.range), /K/);
    strictEqual(problems[0]!.severity, vscode.DiagnosticSeverity.Error);
  });

  it("lengths of K and V that differ", async () => {
    const { problems } = await problemsIn("lengths.json", attentionJson({ v: value.slice(1) }));
    match(problems[0]!.message, /4/);
    match(problems[0]!.message, /3/);
  });

  it("text instead of a number", async () => {
    const { document, problems } = await problemsIn(
      "text.json",
      attentionJson().replace("[0.5, -1, 0.25]", '[0.5, "minus one", 0.25]'),
    );
    ok(
      problems.some(({ range }) => document.getText(range).includes("minus one")),
      JSON.stringify(problems),
    );
  });

  it("go away when they are mended", async () => {
    const { problems, document } = await problemsIn("mended.json", attentionJson({ v: value.slice(1) }));
    strictEqual(problems.length, 1);
    await replace(vscode.window.activeTextEditor!, "[0, 1]", "[0, 1],\n    [3, 3]");
    await eventually(() => deepStrictEqual(ownProblems(document.uri), []));
  });

  it("NaN and Infinity as Python writes them are information, and count in the hover", async () => {
    const { document } = await writeAndOpen(
      "python-nan.json",
      attentionJson().replace("[2, 0, 0]", "[NaN, Infinity, -Infinity]"),
    );
    const problems = await eventually(() => {
      const found = ownProblems(document.uri);
      ok(found.length > 0, "expected an information");
      return found;
    });
    for (const { severity } of problems) strictEqual(severity, vscode.DiagnosticSeverity.Information);
    match(await hoverAt(document, '"K"'), /NaN/);
  });

  it("an empty matrix and a 1×1 are ordinary input", async () => {
    const empty = await writeAndOpen("empty.json", '{"Q": [], "K": [], "V": []}');
    await (await loupe()).inspect(empty.document);
    const single = await writeAndOpen("single.json", '{"Q": [[2]], "K": [[3]], "V": [[4]]}');
    const api = await loupe();
    const summary = await api.inspect(single.document);
    const answer = await api.attend({ document: single.document, choice: { site: summary!.sites[0]!.id } });
    ok(answer.ok);
    deepStrictEqual([...(await answer.value.weights({ query: 0 }))], [1]);
    answer.value.dispose();
    await settled(100);
    deepStrictEqual(ownProblems(single.document.uri), []);
  });

  it("Python literals are checked alike", async () => {
    const text = `import numpy as np\nQ = np.array(${rows(query)})\nK = np.array(${rows(key.map((row) => row.slice(1)))})\nV = np.array(${rows(value)})\n`;
    const { problems } = await problemsIn("widths.py", text);
    match(problems[0]!.message, /3/);
  });
});
