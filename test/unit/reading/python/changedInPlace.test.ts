import assert from "node:assert/strict";
import { shapesIn } from "./reader.ts";

/** A module that nobody calls: what it does is supposed, and undone afterwards. */
const table = `import torch
import torch.nn as nn

class Positions(nn.Module):
    def __init__(self, width: int, length: int):
        super().__init__()
        table = torch.zeros(length, width)
        before = table + 1
        table.unsqueeze_(0)
        after = table * 2
        turned = torch.zeros(width, length).t_()
        self.register_buffer("table", table)

    def forward(self, x):
        return x + self.table[:, : x.size(1)]
`;

describe("a tensor that changes its shape in place in code that nobody calls", () => {
  const cases: readonly (readonly [string, readonly (number | string)[]])[] = [
    ["table + 1", ["length", "width"]],
    ["table.unsqueeze_(0)", [1, "length", "width"]],
    ["table * 2", [1, "length", "width"]],
    ["torch.zeros(width, length).t_()", ["length", "width"]],
    ["self.table", [1, "length", "width"]],
  ];
  for (const [expression, shape] of cases)
    it(`${expression} is told as it was then`, async () => {
      assert.deepEqual(await shapesIn(table, expression), [shape]);
    });
});
