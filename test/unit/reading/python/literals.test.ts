import assert from "node:assert/strict";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, read, reader } from "./reader.ts";

const text = `import numpy as np
import torch

Q = np.array([[1.0, 2.0],
              [3.0, -4.5]])
K = torch.tensor([[1, 2], [3, 4], [5, 6]], dtype=torch.float32)
V = [[1, 0], [0, 1], [1, 1]]
tokens = ["a", "b"]
mask = np.array([[True, False, True], [True, True, False]])
half = np.asarray([1, 2, 3], dtype="float16")
counts = torch.tensor([1, 2, 3])
`;

describe("literals in Python", () => {
  it("have shape, dtype and exact values", async () => {
    const document = await read(text);
    const q = named(document, "Q");
    assert.deepEqual([q.shape, q.dtype, q.origin, q.exact], [[2, 2], "float64", "literal", true]);
    assert.deepEqual([...toFloat64(q.values!)], [1, 2, 3, -4.5]);
    const k = named(document, "K");
    assert.deepEqual([k.shape, k.dtype], [[3, 2], "float32"]);
    assert.deepEqual([named(document, "V").shape, named(document, "V").dtype], [[3, 2], "int64"]);
    assert.deepEqual([named(document, "mask").dtype, named(document, "half").dtype], ["bool", "float16"]);
    assert.deepEqual(named(document, "counts").values!.data, BigInt64Array.of(1n, 2n, 3n));
  });

  it("know the place of every element", async () => {
    const document = await read(text);
    const q = named(document, "Q");
    const words = [0, 1, 2, 3].map((flat) => text.slice(q.places!.range(flat).start, q.places!.range(flat).end));
    assert.deepEqual(words, ["1.0", "2.0", "3.0", "-4.5"]);
    const row = q.places!.row(3);
    assert.equal(text.slice(row.start, row.end), "3.0, -4.5");
    const place = document.at(text.indexOf("-4.5") + 2);
    assert.deepEqual([place?.tensor.name, place?.element], ["Q", 3]);
  });

  it("answer at a name where it is bound and where it is read", async () => {
    const source = `${text}out = Q\n`;
    const document = await read(source);
    assert.equal(document.at(source.indexOf("Q ="))?.tensor.name, "Q");
    assert.deepEqual(document.at(source.indexOf("out = Q") + 6)?.tensor.shape, [2, 2]);
    assert.equal(document.at(source.indexOf("import")), null);
  });

  it("make a site where names say so", async () => {
    const { sites } = await read(text);
    assert.equal(sites.length, 1);
    assert.deepEqual(Object.keys(sites[0]!.roles).sort(), ["key", "mask", "query", "value"]);
    assert.equal(sites[0]!.certainty, "recognised");
  });

  it("say which row is ragged", async () => {
    const source = "import numpy as np\nQ = np.array([[1, 2], [3], [4, 5]])\n";
    const { problems } = await read(source);
    assert.deepEqual(
      problems.map((p) => [p.message.code, p.message.args]),
      [["python.raggedRow", { row: 1, length: 1, expected: 2 }]],
    );
    assert.equal(source.slice(problems[0]!.range.start, problems[0]!.range.end), "[3]");
  });

  it("stay known above and below a line that is half typed", async () => {
    const source = "import numpy as np\nQ = np.array([[1, 2]])\nK = np.array([[1, \nV = np.array([[5, 6]])\n";
    const document = await read(source);
    assert.ok(document.problems.some((p) => p.broken));
    assert.deepEqual(named(document, "Q").shape, [1, 2]);
  });

  it("follow edits", async () => {
    const it = await reader();
    const first = it.read(text, { language: "python" });
    const edited = text.replace("3.0, -4.5", "3.0, 7").replace("import torch\n", "import torch\n\n\n");
    const second = it.read(edited, { language: "python", previous: first });
    const q = named(second, "Q");
    assert.deepEqual([...toFloat64(q.values!)], [1, 2, 3, 7]);
    const k = named(second, "K");
    assert.equal(edited.slice(k.places!.range(0).start, k.places!.range(0).end), "1");
    assert.equal(edited.slice(k.range.start, k.range.start + 12), "torch.tensor");
  });
});
