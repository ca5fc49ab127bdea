import assert from "node:assert/strict";
import { promoteOperandsNumpy } from "../../../../src/reading/python/operations/dtypes.ts";
import { named, read, shapesIn } from "./reader.ts";

const head = "import numpy as np\nimport torch\nfrom torch import nn\n";

describe("a sequence whose length nobody gives", () => {
  const text = `${head}class Layers(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        hidden = dim * 2
        dims = (dim, *((hidden,) * (depth - 1)), dim)
        self.first = torch.zeros(dims[0])
        self.second = torch.ones(dims[1])
        self.weights = [torch.randn(a, b) for a, b in zip(dims[:-1], dims[1:])]
`;

  it("tells what stands first and no more: what follows may be there many times or not at all", async () => {
    assert.deepEqual(await shapesIn(text, "torch.zeros(dims[0])"), [["dim"]]);
    const [second] = await shapesIn(text, "torch.ones(dims[1])");
    assert.ok(!["dim", "hidden", "2*dim"].includes(String(second)), `told ${second}`);
  });

  it("does not pair items of two parts by where they happen to stand", async () => {
    const told = (await shapesIn(text, "torch.randn(a, b)")).map(String);
    for (const wrong of ["dim,dim", "hidden,hidden", "2*dim,2*dim"]) assert.ok(!told.includes(wrong), told.join(" | "));
  });
});

describe("the dtype that NumPy and PyTorch compute in", () => {
  it("give the dtype asked for, or that of what they write into", async () => {
    const text = `${head}x = np.ones((2, 3))
o = np.zeros((2, 3), dtype=np.float32)
a = np.exp(x, dtype=np.float32)
b = np.add(x, x, dtype=np.float32)
c = np.exp(x, out=o)
d = np.multiply(x, 2.0)
`;
    const { expressions = [] } = await read(text);
    const dtype = (part: string): unknown =>
      expressions.find((e) => e.range.start === text.indexOf(part) && e.range.end === text.indexOf(part) + part.length)
        ?.dtypes[0];
    assert.equal(dtype("np.exp(x, dtype=np.float32)"), "float32");
    assert.equal(dtype("np.add(x, x, dtype=np.float32)"), "float32");
    assert.equal(dtype("np.exp(x, out=o)"), "float32");
    assert.equal(dtype("np.multiply(x, 2.0)"), "float64");
  });

  it("take of a number beside an array the dtype in which NumPy 1 and 2 agree", async () => {
    const cases: [string, string | null][] = [
      ["np.float32(2) * np.ones(3, dtype=np.int8)", "float32"],
      ["np.ones(3, dtype=np.int8) * 2.5", "float64"],
      ["np.ones(3, dtype=np.int32) * np.float32(2)", "float64"],
      ["np.ones(3, dtype=bool) * np.float16(2)", "float16"],
      // float32 in NumPy 1, float64 in NumPy 2.
      ["np.ones(3, dtype=np.float32) * np.float64(2)", null],
      ["np.ones(3, dtype=np.int8) + 300", null],
      ["np.ones(3, dtype=np.float32) * 2.5", "float32"],
    ];
    for (const [expression, dtype] of cases) {
      const text = `${head}${expression}\n`;
      const { expressions = [] } = await read(text);
      const whole = expressions.find((e) => text.slice(e.range.start, e.range.end) === expression);
      assert.equal(whole?.dtypes[0], dtype, expression);
    }
    const complex = { dtype: "complex128", weak: 2 } as const;
    assert.equal(promoteOperandsNumpy([{ dtype: "float16", weak: 0 }, complex]), "complex64");
    assert.equal(promoteOperandsNumpy([{ dtype: "int8", weak: 0 }, complex]), "complex128");
  });

  it("write into what `out` gives", async () => {
    const text = `${head}t = torch.zeros(3)\ntorch.add(t, 1, out=t)\nprint(t)\n`;
    const { values } = named(await read(text), "t");
    assert.deepEqual(Array.from(values?.data as ArrayLike<number>), [1, 1, 1]);
  });
});
