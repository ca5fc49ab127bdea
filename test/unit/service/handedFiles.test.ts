import assert from "node:assert/strict";
import { createCore } from "../../../src/service/core.ts";
import { reader } from "../reading/python/reader.ts";

const uri = "vscode-vfs://github/somebody/project/models/train.py";
const root = "vscode-vfs://github/somebody/project";
const text = "from utils.shapes import make\nfrom .layers import width\nx = make(width)\n";
const files: Readonly<Record<string, string>> = {
  [`${root}/utils/shapes.py`]:
    "from . import sizes\ndef make(n):\n    import torch\n    return torch.zeros(sizes.batch, n)\n",
  [`${root}/utils/sizes.py`]: "batch = 4\n",
  [`${root}/models/layers.py`]: "width = 16\n",
};

describe("imports where the core cannot read files by itself", () => {
  it("are asked for, and known as soon as they were handed over, one after the other", async () => {
    const core = createCore({ readerOf: reader, nextTurn: async () => {} });
    let summary = await core.open({ uri, language: "python", version: 1, text, root });
    assert.ok(summary.wants?.includes(`${root}/models/utils/shapes.py`), "the file's own folder comes first");
    for (let round = 0; round < 5 && summary.wants; round++) {
      await core.files({ files: summary.wants.map((each) => ({ uri: each, text: files[each] ?? null })) });
      summary = await core.change({ uri, version: 1, changes: [] });
    }
    assert.equal(summary.wants, undefined, "what was handed over is asked for again");
    assert.deepEqual(summary.tensors.find(({ name }) => name === "x")?.shape, [4, 16]);
  });

  it("never lead out of the folder", async () => {
    const core = createCore({ readerOf: reader, nextTurn: async () => {} });
    const { wants = [] } = await core.open({ uri, language: "python", version: 1, text: "import other\n", root });
    assert.deepEqual([...wants].sort(), [
      `${root}/models/other.py`,
      `${root}/models/other/__init__.py`,
      `${root}/other.py`,
      `${root}/other/__init__.py`,
    ]);
  });

  it("are not looked for where there is no folder, nor in other languages", async () => {
    const core = createCore({ readerOf: reader, nextTurn: async () => {} });
    const { wants } = await core.open({ uri: "untitled:a", language: "python", version: 1, text });
    assert.equal(wants, undefined);
  });
});
