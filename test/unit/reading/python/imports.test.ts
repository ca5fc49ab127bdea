import assert from "node:assert/strict";
import type { FindModule } from "../../../../src/reading/document.ts";
import { moduleFinder } from "../../../../src/reading/python/modules.ts";
import { named, read, reader } from "./reader.ts";

const files: Readonly<Record<string, string>> = {
  "/project/lessons/04/code/main.py":
    "import torch\nclass Model:\n    def make(self):\n        return torch.zeros(2, 7)\n",
  "/project/lib/shapes.py": "import torch\nwide = torch.zeros(3, 9)\n",
  "/elsewhere/secret.py": "import torch\nsecret = torch.zeros(1)\n",
};

function finder(path: string): FindModule {
  return moduleFinder(path, "/project", (file) => files[file] ?? null);
}

async function shapeOf(text: string, name = "y", path = "/project/lessons/06/code/main.py") {
  const document = (await reader()).read(text, { language: "python", modules: finder(path) });
  return named(document, name).shape;
}

describe("modules that sys.path names", () => {
  it("are found in folders beside the file's own, by os.path and by pathlib", async () => {
    const model = "from main import Model\ny = Model().make()\n";
    const inserted = `import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "04", "code"))
${model}`;
    assert.deepEqual(await shapeOf(inserted), [2, 7]);
    const twice = `import os, sys
here = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(os.path.dirname(here)), "../lib"))
from shapes import wide
y = wide + 0
`;
    assert.deepEqual(await shapeOf(twice), [3, 9]);
    const pathlib = `import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "lib"))
from shapes import wide
y = wide + 0
`;
    await assert.rejects(shapeOf(pathlib, "y", "/project/a/b/c/d/main.py"), /no tensor y/);
    assert.deepEqual(await shapeOf(pathlib, "y", "/project/a/b/c/main.py"), [3, 9]);
  });

  it("are not looked for outside the project, nor where the file itself is meant", async () => {
    const outside = `import sys, torch
sys.path.insert(0, "../../../../elsewhere")
from secret import secret
y = torch.zeros(4)
z = secret + 0
`;
    const modules = finder("/project/lessons/06/code/main.py");
    const document = (await reader()).read(outside, { language: "python", modules });
    assert.deepEqual(named(document, "y").shape, [4]);
    assert.equal(
      document.tensors.some((t) => t.name === "z"),
      false,
    );
    assert.equal(modules("main", null), null);
  });
});

describe("names that stand for classes", () => {
  it("are followed through eval, nn.modules and object.__setattr__", async () => {
    const document = await read(`import torch
from torch import nn
from torch.nn.modules.linear import Linear
class Small:
    def __init__(self):
        self.__setattr__("size", 5)
    def make(self):
        return torch.zeros(2, self.size)
kind = "Small"
y = eval(kind)().make()
z = Linear(5, 3)(y)
w = next(nn.Linear(4, 6).parameters()) + 0
`);
    assert.deepEqual(named(document, "y").shape, [2, 5]);
    assert.deepEqual(named(document, "z").shape, [2, 3]);
    assert.deepEqual(named(document, "w").shape, [6, 4]);
  });

  it("keep what a dataclass computes after its fields are set", async () => {
    const document = await read(`import torch
from dataclasses import dataclass, field
@dataclass
class Config:
    heads = 4
    width: int = 8
    inner: int = field(init=False)
    depth: int = 3
    def __post_init__(self):
        self.inner = self.width * self.heads
c = Config(16, 5)
y = torch.zeros(c.width, c.inner, c.depth)
`);
    assert.deepEqual(named(document, "y").shape, [16, 64, 5]);
  });
});
