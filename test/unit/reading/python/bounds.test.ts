import assert from "node:assert/strict";
import fc from "fast-check";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, read, reader } from "./reader.ts";

const head = "import numpy as np\nimport torch\nimport torch.nn as nn\n";

describe("hostile Python", () => {
  const endings: Readonly<Record<string, string>> = {
    "an endless loop": "while True:\n    x = torch.ones(2)\n",
    "a loop without end over itself": "l = [1]\nfor i in l:\n    l.append(i)\n",
    "deep recursion": "def f(n):\n    return f(n + 1)\ny = f(0)\n",
    "mutual recursion through a class":
      "class A:\n    def __getattr__(self, name):\n        return getattr(self, name + 'x')\ny = A().z\n",
    "a huge range": "t = 0\nfor i in range(10 ** 12):\n    t = t + i\n",
    "a huge tensor": "t = torch.zeros(10 ** 9, 10 ** 9, dtype=torch.float64) + 1\nu = t.sum()\n",
    "a huge list": "t = [0] * 10 ** 12\nu = torch.tensor(t)\n",
    "a huge number": "t = 2 ** 10 ** 9\nu = 1 << 10 ** 9\n",
    "an order of 10⁸ things": "p = torch.randperm(10 ** 8)\n",
    "10⁸ pieces":
      "p = torch.chunk(torch.zeros(10 ** 8), 10 ** 8)\nq = torch.zeros(10 ** 8).split(1)\nr = np.array_split(np.zeros(10 ** 9), 10 ** 8)\n",
    "10³⁰ combinations":
      "import itertools\np = list(itertools.product(range(1000), repeat=10))\nq = list(itertools.combinations(range(60), 30))\n",
    "a list that doubles": "l = [1]\nwhile True:\n    l.extend(l)\n    l = l + l\n",
    "a tuple and a text that double": "t = (1,)\ns = 'a'\nwhile True:\n    t = t + t\n    s = s + s\n",
    "a number that is squared": "n = 3\nwhile True:\n    n = n * n\n",
    "a huge product": "a = torch.randn(3000, 3000)\nb = a @ a\n",
    "nested comprehensions":
      "t = [[[[1 for i in range(300)] for j in range(300)] for k in range(300)] for m in range(300)]\n",
    "a list that holds itself": "l = []\nl.append(l)\nt = torch.tensor(l)\nm = str(l)\n",
    "a class that inherits from itself": "class A(A):\n    pass\na = A()\n",
    "a short program for 10⁸ numbers": "l = [[0] * 10000] * 10000\nm = torch.tensor(l)\n",
    "parentheses without number": `x = ${"(".repeat(5000)}1${")".repeat(5000)}\n`,
    "lists without number": `x = ${"[".repeat(20_000)}1${"]".repeat(20_000)}\n`,
    "a sum of 20,000": `x = ${Array(20_000).fill("before").join(" + ")}\n`,
    "two sizes left out": "x = torch.ones(2, 3).view(-1, -1)\n",
    "sizes that double with every layer":
      "def shuffled(x):\n    for i in range(40):\n        b, c, h, w = x.size()\n" +
      "        x = x.reshape(b * c // 2, 2, h * w).permute(1, 0, 2).reshape(2, -1, c // 2, h, w)\n" +
      "        n, d, h, w = x[0].shape\n        x = x.new_zeros(n, d + 16, h, w)\n    return x\n",
    "sizes of ever more terms":
      "def grown(x):\n    for i in range(60):\n        a, b, c = x.shape\n" +
      "        x = x.new_zeros(a + b, b + c, a * c + 1)\n    return x\n",
    "names of JavaScript": "class A:\n    constructor = 1\na = A().__proto__\nb = {}['constructor']\nc = toString\n",
  };
  for (const [what, text] of Object.entries(endings)) {
    it(`ends and keeps what is around it: ${what}`, async () => {
      const document = await read(`${head}before = torch.ones(2, 3)\n${text}after = torch.ones(4)\n`);
      assert.deepEqual(named(document, "before").shape, [2, 3]);
      assert.deepEqual(named(document, "after").shape, [4]);
      for (const entry of document.tensors) assert.ok(entry.values !== null || entry.why);
    }).timeout(30_000);
  }

  it("refuses to work out two sizes of one number", async () => {
    const document = await read(`${head}x = torch.ones(2, 3).view(-1, -1)\n`);
    assert.ok(!document.tensors.some(({ name, shape }) => name === "x" && shape));
  });

  it("knows what is drawn after an order that nobody can look at", async () => {
    const document = await read(`${head}torch.manual_seed(0)
p = torch.randperm(100_000)
x = torch.rand(2)
torch.manual_seed(0)
q = torch.randint(0, 10, (99_999,))
y = torch.rand(2)
`);
    assert.deepEqual(named(document, "p").values, null);
    assert.deepEqual(named(document, "x").values!.data, named(document, "y").values!.data);
  });

  it("still knows sums and calls that somebody may have written", async () => {
    const sum = Array(500).fill("a").join(" + ");
    const calls = `${"f(".repeat(200)}a${")".repeat(200)}`;
    const document = await read(`${head}f = lambda x: x\na = torch.ones(3)\nb = ${sum}\nc = ${calls}\n`);
    assert.deepEqual(named(document, "b").shape, [3]);
    assert.deepEqual(toFloat64(named(document, "b").values!), Float64Array.of(500, 500, 500));
  });

  it("computes no more than a reading may, and goes on with shapes", async () => {
    const training = `w = np.random.randn(128, 128)
x = np.random.randn(128, 128)
rounds = 0
for step in range(4000):
    w = w - 1e-6 * (x @ (x @ w))
    if w.mean() < 100:
        rounds += 1
after = w[:3]
drawn = np.random.randn(2, 5)
literal = np.array([1.0, 2.0]) + 1
`;
    const text = `${head}np.random.seed(0)\n${training}`;
    const document = (await reader()).read(text, { language: "python", hurried: true });
    const [after, drawn, literal] = ["after", "drawn", "literal"].map((name) => named(document, name));
    assert.deepEqual(
      [after!.shape, drawn!.shape],
      [
        [3, 128],
        [2, 5],
      ],
    );
    assert.equal(after!.values, null);
    assert.deepEqual([drawn!.values, drawn!.why?.code], [null, "python.tooMuchWork"]);
    assert.deepEqual(Array.from(literal!.values!.data as Float64Array), [2, 3]);
  }).timeout(30_000);

  it("computes later what is looked at, though the program had no need of it", async () => {
    const text = `${head}torch.manual_seed(0)\nx = torch.randn(200, 200)\n${"x = torch.tanh(x @ x / 200)\n".repeat(30)}`;
    assert.ok(named((await reader()).read(text, { language: "python", hurried: true }), "x").values);
  }).timeout(30_000);

  it("does not know how often a loop runs that may end at each round, but what each round does", async () => {
    const document = await read(`${head}import os
rows = torch.zeros(0, 4)
last = torch.zeros(2, 3)
rounds = 0
for i in range(1000):
    if os.getenv(str(i)):
        continue
    rows = torch.cat([rows, torch.ones(1, 4)])
    last = torch.ones(2, 3)
    rounds += 1
    if os.getenv("done"):
        break
same = last * 2
`);
    assert.deepEqual(named(document, "rows").shape, [null, 4]);
    assert.deepEqual(named(document, "same").shape, [2, 3]);
  });

  const pieces = [
    "import torch\n",
    "import numpy as np\n",
    "x = torch.randn(2, 3)\n",
    "x = x.view(3, -1)[None]\n",
    "def f(a, *b, c=1, **d):\n    return a @ a.T\n",
    "y = f(x)\n",
    "for i in range(3):\n    x = x + i\n",
    "if x.sum() > 0:\n    z = 1\nelse:\n    z = x\n",
    "class A(torch.nn.Module):\n    def forward(self, x):\n        return x.softmax(-1)\n",
    "print(A()(x))\n",
    "z = [",
    "(",
    ")",
    "]",
    "'",
    '"""',
    "\n",
    ":",
    "lambda",
    "é😀",
    "x[...,",
    "    ",
    "\t",
    "match x:\n    case [1, *_]:\n        pass\n",
    "%matplotlib inline\n",
    "with torch.no_grad():\n    w = x\n",
    "try:\n    q = x / 0\nexcept E as e:\n    pass\n",
    "@dec\n",
    "async ",
    "yield ",
    "np.array([[1, 2], [3]])\n",
    "\\",
    "{**x}",
    "f'{x:{y}}'",
    "del x\n",
    "global x\n",
    "\u0000",
  ];

  it("never throws, whatever the text is, and places lie within it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), async (parts) => {
        const text = parts.join("");
        const document = await read(text);
        for (const { range } of [...document.expressions!, ...document.assignments!, ...document.problems]) {
          assert.ok(range.start >= 0 && range.start <= range.end && range.end <= text.length);
        }
        for (let offset = 0; offset <= text.length; offset += 7) document.at(offset);
      }),
      { numRuns: 150 },
    );
  }).timeout(60_000);

  it("reads an edited text like a fresh one", async () => {
    const { reader } = await import("./reader.ts");
    const it = await reader();
    const told = (d: ReturnType<typeof it.read>) =>
      JSON.stringify([d.expressions, d.tensors.map((t) => [t.name, t.shape, t.range])]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...pieces), { maxLength: 10 }),
        fc.nat(9),
        fc.constantFrom(...pieces),
        async (parts, at, piece) => {
          const before = parts.join("");
          const after = [...parts.slice(0, at), piece, ...parts.slice(at)].join("");
          const previous = it.read(before, { language: "python" });
          const incremental = told(it.read(after, { language: "python", previous }));
          it.read("", { language: "python" });
          assert.equal(incremental, told(it.read(after, { language: "python" })));
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});
