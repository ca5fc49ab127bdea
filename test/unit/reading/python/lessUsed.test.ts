import assert from "node:assert/strict";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, read } from "./reader.ts";

const start =
  "import numpy as np\nimport torch\nx = torch.arange(24.0).reshape(2, 3, 4)\nn = np.arange(24.0).reshape(2, 3, 4)\n";

/** Shape, dtype and first numbers of `r`, as NumPy 1.24 and PyTorch 1.13 give them. */
async function told(expression: string) {
  const { shape, dtype, values } = named(await read(`${start}r = ${expression}\n`), "r");
  return { shape, dtype, first: values ? [...toFloat64(values)].slice(0, 4) : null };
}

describe("single positions beside lists of positions", () => {
  const cases: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ["x[0, :, [1, 2]]", [3, 2], [1, 2, 5, 6]],
    ["x[[0, 1], 0, [1, 2]]", [2], [1, 14]],
    ["x[[0, 1], :, 0]", [2, 3], [0, 4, 8, 12]],
    ["n[0, :, [1, 2]]", [2, 3], [1, 5, 9, 2]],
    ["n[[0, 1], 0, [1, 2]]", [2], [1, 14]],
    ["n[[0, 1], :, 0]", [2, 3], [0, 4, 8, 12]],
  ];
  for (const [expression, shape, first] of cases)
    it(expression, async () => {
      const found = await told(expression);
      assert.deepEqual([found.shape, found.first], [shape, first]);
    });
});

describe("functions that stand in few programs", () => {
  const cases: readonly (readonly [string, readonly number[], string, readonly number[] | null])[] = [
    ["torch.nn.Parameter()", [0], "float32", null],
    ["torch.Tensor(x == 0)", [2, 3, 4], "bool", [1, 0, 0, 0]],
    ["torch.Tensor(x.double())", [2, 3, 4], "float64", [0, 1, 2, 3]],
    ["torch.Tensor(n)", [2, 3, 4], "float32", [0, 1, 2, 3]],
    ["torch.complex(x, x).abs()", [2, 3, 4], "float32", null],
    ["torch.index_select(x, 1, torch.tensor([2, 0]))", [2, 2, 4], "float32", [8, 9, 10, 11]],
    ["x.index_select(dim=1, index=torch.tensor(2))", [2, 1, 4], "float32", [8, 9, 10, 11]],
    ["np.linspace(0, 1, num=3)", [3], "float64", [0, 0.5, 1]],
    ["np.linspace(start=0, stop=4, num=4, endpoint=False)", [4], "float64", [0, 1, 2, 3]],
    ["np.linspace(0, 1, 3, retstep=True)[0]", [3], "float64", [0, 0.5, 1]],
    ["np.linspace(0, 7, 3, dtype=int)", [3], "int64", null],
    ["np.logspace(0, 3, 4, base=2)", [4], "float64", [1, 2, 4, 8]],
    ["torch.logspace(0, 3, 4, 2)", [4], "float32", [1, 2, 4, 8]],
    ["torch.diag_embed(x[0])", [3, 4, 4], "float32", null],
    ["torch.diag_embed(x[0], offset=-1, dim1=0, dim2=2)", [5, 3, 5], "float32", null],
    ["torch.nn.functional.adaptive_max_pool1d(x, 2, return_indices=True)[1]", [2, 3, 2], "int64", null],
    ["torch.nn.AdaptiveMaxPool1d(2, return_indices=True)(x)[0]", [2, 3, 2], "float32", null],
    ["torch.nn.AdaptiveMaxPool1d(2)(x)", [2, 3, 2], "float32", null],
    ["x.select(1, -1)", [2, 4], "float32", [8, 9, 10, 11]],
    ["x.take(torch.tensor([[0, 5]]))", [1, 2], "float32", [0, 5]],
    ["torch.take_along_dim(x, x.long() % 2, -1)", [2, 3, 4], "float32", [0, 1, 0, 1]],
    ["np.append(n, [1, 2])", [26], "float64", [0, 1, 2, 3]],
    ["np.append(n, n, axis=1)", [2, 6, 4], "float64", [0, 1, 2, 3]],
    ["torch.dstack((x[0], x[0]))", [3, 4, 2], "float32", [0, 0, 1, 1]],
    ["np.rollaxis(n, 2)", [4, 2, 3], "float64", [0, 4, 8, 12]],
    ["np.rollaxis(n, 0, 2)", [3, 2, 4], "float64", [0, 1, 2, 3]],
    ["torch.tril_indices(3, 3)", [2, 6], "int64", [0, 1, 1, 2]],
    ["torch.triu_indices(2, 3, 1)", [2, 3], "int64", [0, 0, 1, 1]],
    ["np.tril_indices(3)[1]", [6], "int64", [0, 0, 1, 0]],
    ["torch.kron(torch.ones(2, 2), torch.ones(3))", [2, 6], "float32", null],
    ["torch.cross(torch.ones(2, 3), torch.ones(1, 3), dim=1)", [2, 3], "float32", null],
    ["torch.nn.functional.prelu(x - 4, torch.tensor([0.25]))", [2, 3, 4], "float32", [-1, -0.75, -0.5, -0.25]],
    ["torch.prelu(x - 12, torch.tensor([0.25, 0.5, 2]))[:, 1]", [2, 4], "float32", [-4, -3.5, -3, -2.5]],
    ["torch.nn.PReLU(3)(x - 12)[0]", [3, 4], "float32", [-3, -2.75, -2.5, -2.25]],
    ["torch.range(0, 5)", [6], "float32", [0, 1, 2, 3]],
    ["torch.range(1, 6, 2)", [3], "float32", [1, 3, 5]],
    ["torch.range(0, 4.6, dtype=torch.long)", [5], "int64", [0, 1, 2, 3]],
    ["x.new(2, 5)", [2, 5], "float32", null],
    ["x.long().new(3)", [3], "int64", null],
    ["torch.block_diag(torch.ones(2, 2), torch.ones(3, 1))", [5, 3], "float32", null],
  ];
  for (const [expression, shape, dtype, first] of cases)
    it(expression, async () => assert.deepEqual(await told(expression), { shape, dtype, first }));
});
