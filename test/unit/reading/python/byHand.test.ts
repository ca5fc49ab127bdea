import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Reader } from "../../../../src/reading/document.ts";
import { createPythonReader } from "../../../../src/reading/python/reader.ts";

const folder = join(dirname(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json")), "wasm");
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

describe("softmax written out in Python", () => {
  let reader: Reader;

  before(async () => {
    reader = await createPythonReader({
      treeSitter: bytes("tree-sitter.wasm"),
      grammar: bytes("tree-sitter-python.wasm"),
    });
  });

  const details = (quotient: string) => {
    const text = `import numpy as np\ns = np.array([[1.0, 2.0], [3.0, 4.0]])\nt = s + 1\ne = np.exp(s - s.max())\nw = ${quotient}\n`;
    return reader.read(text, { language: "python" }).tensors.find(({ name }) => name === "w")?.made?.details;
  };

  it("is known, and whether something was subtracted", () => {
    assert.deepEqual(details("np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)"), { softmax: true, stable: false });
    assert.deepEqual(details("e / np.sum(e, axis=-1, keepdims=True)"), { softmax: true, stable: true });
  });

  it("is not seen in other quotients", () => {
    for (const other of [
      "np.exp(s) / np.exp(t).sum()",
      "s / s.sum()",
      "np.exp(s) / 2",
      "np.exp(s) / np.exp(s).max()",
    ]) {
      assert.notEqual(details(other)?.softmax, true, other);
    }
  });
});
