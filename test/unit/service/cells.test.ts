import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { CoreApi } from "../../../src/protocol/core.ts";
import { createPythonReader } from "../../../src/reading/python/reader.ts";
import { createCore } from "../../../src/service/core.ts";

const wasm = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../node_modules/@vscode/tree-sitter-wasm/wasm/${name}`, import.meta.url)));

describe("cells of a notebook", () => {
  let core: CoreApi;
  const cells = ["cell:1", "cell:2", "cell:3"];
  const texts = [
    "import numpy as np\nQ = np.array([[1.0, 2.0]])\n",
    "%matplotlib inline\nK = np.array([[3.0, 4.0], [5.0, 6.0]])\nV = K\n",
    "R = Q\nR",
  ];

  before(async () => {
    const reader = await createPythonReader({
      treeSitter: wasm("tree-sitter.wasm"),
      grammar: wasm("tree-sitter-python.wasm"),
    });
    core = createCore({ readerOf: async () => reader, nextTurn: () => setImmediate() });
    await core.cells({ uris: cells });
    for (const [at, uri] of cells.entries()) await core.open({ uri, language: "python", version: 1, text: texts[at]! });
  });

  it("are read with those before them, and speak of places of their own", async () => {
    const summary = await core.change({ uri: "cell:2", version: 1, changes: [] });
    const k = summary.tensors.find(({ name }) => name === "K");
    assert.deepEqual(k?.shape, [2, 2]);
    assert.equal(texts[1]!.slice(k!.range.start, k!.range.end), "np.array([[3.0, 4.0], [5.0, 6.0]])");
    assert.ok(
      summary.tensors.every(({ name }) => name !== "Q"),
      "what another cell binds is listed there",
    );
    const facts = await core.facts({ uri: "cell:2", offset: texts[1]!.indexOf("5.0") });
    assert.equal(facts?.element?.value, 5);
    assert.equal(texts[1]!.slice(facts!.range.start, facts!.range.end), "5.0");
  });

  it("know what earlier cells bound", async () => {
    const summary = await core.change({ uri: "cell:3", version: 1, changes: [] });
    assert.deepEqual(summary.tensors.find(({ name }) => name === "R")?.shape, [1, 2]);
  });

  it("know which of their expressions make the parts of attention, and none of another cell", async () => {
    const uris = ["made:1", "made:2"];
    const code = ["import torch\nq = torch.randn(4, 8)\n", "w = (q @ q.T).softmax(-1)\no = w @ q\n"];
    await core.cells({ uris });
    for (const [at, uri] of uris.entries()) await core.open({ uri, language: "python", version: 1, text: code[at]! });
    const { sites } = await core.change({ uri: "made:2", version: 1, changes: [] });
    const made = Object.entries(sites[0]!.made!).map(([part, { start, end }]) => [part, code[1]!.slice(start, end)]);
    assert.deepEqual(Object.fromEntries(made), {
      scores: "q @ q.T",
      weights: "(q @ q.T).softmax(-1)",
      output: "w @ q",
    });
  });

  it("tell the part that a name plays in the attention of an earlier one, without listing that", async () => {
    const uris = ["earlier:1", "earlier:2", "earlier:3"];
    const code = [
      "import torch\nq = torch.randn(4, 8)\nk = torch.randn(5, 8)\nv = torch.randn(5, 3)\n",
      "w = (q @ k.T / 8 ** 0.5).softmax(-1)\no = w @ v\n",
      "# a line more than the cell before begins with\nw.sum(1)\nprint(o, k)\nw.T",
    ];
    await core.cells({ uris });
    for (const [at, uri] of uris.entries()) await core.open({ uri, language: "python", version: 1, text: code[at]! });
    const summary = await core.change({ uri: uris[2]!, version: 1, changes: [] });
    assert.deepEqual([summary.sites, summary.tensors], [[], []]);
    const factsAt = (text: string) => core.facts({ uri: uris[2]!, offset: code[2]!.indexOf(text) });
    const [w, o, k] = [await factsAt("w.sum"), await factsAt("o, k"), await factsAt("k)")];
    assert.deepEqual(
      [w, o, k].map((facts) => facts?.attention?.role),
      ["weights", "output", "key"],
    );
    assert.deepEqual(w?.attention?.sizes, {
      heads: 1,
      queries: 4,
      keys: 5,
      size: 8,
      valueSize: 3,
    });
    assert.equal((await factsAt("w.T"))?.attention?.role, "weights");
    const computed = await core.attend({ uri: uris[2]!, choice: { site: w!.attention!.site }, options: {} });
    assert.ok(computed.ok, "what the hover's link runs");
  });

  it("keep what is chosen in them when an earlier one is edited", async () => {
    const uris = ["kept:1", "kept:2"];
    const code = ["import torch\nq = torch.randn(4, 8)\n", "w = (q @ q.T).softmax(-1)\no = w @ q\n"];
    await core.cells({ uris });
    for (const [at, uri] of uris.entries()) await core.open({ uri, language: "python", version: 1, text: code[at]! });
    const chosen = (await core.change({ uri: "kept:2", version: 1, changes: [] })).sites[0]!.id;
    await core.change({ uri: "kept:1", version: 2, changes: [{ offset: 0, length: 0, text: "# a line more\n" }] });
    const { sites } = await core.change({ uri: "kept:2", version: 1, changes: [] });
    assert.equal(sites[0]!.id, chosen);
    assert.ok((await core.attend({ uri: "kept:2", choice: { site: chosen }, options: {} })).ok);
    const facts = await core.facts({ uri: "kept:2", offset: code[1]!.indexOf("w =") });
    assert.deepEqual([facts?.attention?.role, facts?.attention?.site], ["weights", chosen]);
  });

  it("follow an edit of an earlier one when they are read again", async () => {
    const offset = texts[0]!.indexOf("2.0");
    await core.change({ uri: "cell:1", version: 2, changes: [{ offset, length: 3, text: "2.0, 7.0" }] });
    const summary = await core.change({ uri: "cell:3", version: 1, changes: [] });
    assert.deepEqual(summary.tensors.find(({ name }) => name === "R")?.shape, [1, 3]);
  });
});
