import { ok, rejects, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { attentionJson, key, largestDifference, query, weights } from "./support/matrices.ts";
import { closeAll, folder, loupe, open, writeAndOpen } from "./support/workspace.ts";

describe("the API for other extensions", () => {
  after(closeAll);

  it("inspects a document and computes its attention", async () => {
    const api = await loupe();
    strictEqual(api.version, 1);
    const { document } = await writeAndOpen("api.json", attentionJson());
    const summary = await api.inspect(document);
    strictEqual(summary?.tensors.map(({ name }) => name).join(), "Q,K,V");
    const answer = await api.attend({ document, choice: { site: summary.sites[0]!.id } });
    ok(answer.ok);
    for (const [at, row] of weights().entries()) {
      ok(largestDifference([...(await answer.value.weights({ query: at }))], row) < 1e-12);
    }
    answer.value.dispose();
    await rejects(async () => answer.value.weights({ query: 0 }));
  });

  it("takes options, and says why something cannot be computed", async () => {
    const api = await loupe();
    const { document } = await writeAndOpen("api2.json", attentionJson());
    const [q, k, v] = (await api.inspect(document))!.tensors.map(({ id }) => id) as [string, string, string];
    const scaled = await api.attend({ document, choice: { query: q, key: k, value: v }, options: { scale: 1 } });
    ok(scaled.ok);
    ok(largestDifference([...(await scaled.value.weights({ query: 1 }))], weights(query, key, 1)[1]!) < 1e-12);
    const wrong = await api.attend({ document, choice: { query: q, key: v, value: k } });
    ok(!wrong.ok && wrong.text.length > 10 && wrong.text !== wrong.problem.code, JSON.stringify(wrong));
  });

  it("answers null for languages that are not read", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content: "# no" });
    strictEqual(await (await loupe()).inspect(document), null);
  });

  it("is right about an example's first row", async () => {
    const api = await loupe();
    const { document } = await open(vscode.Uri.joinPath(folder(), "attention.json"));
    const { Q, K } = JSON.parse(document.getText());
    const summary = await api.inspect(document);
    const answer = await api.attend({ document, choice: { site: summary!.sites[0]!.id } });
    ok(answer.ok);
    ok(largestDifference([...(await answer.value.weights({ query: 0 }))], weights(Q, K)[0]!) < 1e-12);
    answer.value.dispose();
  });
});
