import assert from "node:assert/strict";
import { named, read } from "./reader.ts";

const head = "import torch, elsewhere\nimport matplotlib.pyplot as plt\ntorch.manual_seed(0)\nx = torch.randn(3)\n";
const values = async (text: string, name: string) => named(await read(head + text), name).values;

describe("a call of something that is not known", () => {
  it("leaves no values of what it was given, nor of what is drawn after it", async () => {
    assert.equal(await values("elsewhere.change(x)\n", "x"), null);
    assert.equal(await values("elsewhere.run()\ny = torch.randn(2)\n", "y"), null);
    assert.ok(await values("elsewhere.run()\ntorch.manual_seed(1)\ny = torch.randn(2)\n", "y"));
    assert.ok(await values("elsewhere.run()\ny = x + 1\n", "y"));
  });
  it("does no harm where it only shows something", async () => {
    assert.ok(await values("fig, ax = plt.subplots()\nax.plot(x)\nprint(x)\ny = torch.randn(2)\n", "y"));
    assert.ok(await values("plt.imshow(x)\n", "x"));
  });
  it("is like an operation in place that cannot be told", async () => {
    assert.equal(await values("x.add_(elsewhere.q)\n", "x"), null);
    assert.equal(await values("z = x\nx += elsewhere.q\n", "z"), null);
    assert.equal(await values("x[elsewhere.i] = 1\n", "x"), null);
  });
});

describe("the order of a set", () => {
  const words = 'words = list(set("a b c a".split()))\nplace = {w: i for i, w in enumerate(words)}\n';
  it("is not known, but how many there are is", async () => {
    const text = `${words}y = torch.tensor([place[w] for w in "a b".split()])\nz = torch.zeros(len(place))\n`;
    assert.equal(await values(text, "y"), null);
    assert.deepEqual(named(await read(head + text), "y").shape, [2]);
    assert.deepEqual(named(await read(head + text), "z").shape, [3]);
  });
  it("is known once it is sorted", async () => {
    const text =
      'chars = sorted(set("hello"))\nplace = {c: i for i, c in enumerate(chars)}\ny = torch.tensor([place[c] for c in "hello"])\n';
    assert.deepEqual(Array.from((await values(text, "y"))!.data, Number), [1, 0, 2, 2, 3]);
  });
});
