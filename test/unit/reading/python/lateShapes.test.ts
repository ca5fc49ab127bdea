import assert from "node:assert/strict";
import { processorTime } from "../../support/processorTime.ts";
import { read } from "./reader.ts";

describe("long chains of tensors of which nothing is known", () => {
  it("are read in a moment, although each hangs twice on the one before", async () => {
    const steps = Array.from({ length: 60 }, () => "    x = x + x.cumsum(dim=-1)").join("\n");
    const started = processorTime();
    const document = await read(
      `import torch\n\ndef chain(x: torch.Tensor):\n${steps}\n    return x\n\nz = torch.zeros(2)\n`,
    );
    assert.ok(processorTime() - started < 15_000);
    assert.deepEqual(document.tensors.find((t) => t.name === "z")?.shape, [2]);
  });
});

describe("an expression whose tensor changes its shape in place later", () => {
  it("keeps the shape that it had", async () => {
    const text = "import torch\nx = torch.zeros(2, 3)\ny = (x + 1).unsqueeze_(1)\nz = y\ny.t_()\n".replace(
      "y.t_()",
      "y.squeeze_(1)",
    );
    const document = await read(text);
    const at = (part: string) =>
      document.expressions!.find((e) => text.slice(e.range.start, e.range.end) === part)!.shapes;
    assert.deepEqual(at("x + 1"), [[2, 3]]);
    assert.deepEqual(at("(x + 1).unsqueeze_(1)"), [[2, 1, 3]]);
    assert.deepEqual(document.tensors.find((t) => t.name === "z")?.shape, [2, 3]);
  });
});
