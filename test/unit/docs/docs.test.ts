import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { explainCommand } from "../../../src/commandLine/explain.ts";
import { sentenceTables } from "../../../src/explain/sentences/tables.ts";
import { sayer } from "../../../src/explain/sentences.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { shapeText, toFloat64 } from "../../../src/tensor/tensor.ts";
import { english } from "../explain/sampleFacts.ts";
import { named, read as readPython } from "../reading/python/reader.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
];
const readme = read("README.md");
const example = jsonReader().read(read("examples/attention.json"), { language: "json" });

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>> };
  };
}

const { contributes } = JSON.parse(read("package.json")) as Manifest;

describe("what the documentation says", () => {
  it("quotes the lens and the sizes of the example", () => {
    const shape = (name: string) => shapeText(example.tensors.find((tensor) => tensor.name === name)!.shape!);
    assert.ok(readme.includes(`▷ Attention · Q ${shape("Q")} · K ${shape("K")} · V ${shape("V")}`));
  });

  it("quotes hovers whose numbers the example gives", async () => {
    const [translate, say] = [english.translate, sayer(english.translate, sentenceTables)];
    const input = { file: "x", language: "json" as const, reader: jsonReader(), text: read("examples/attention.json") };
    const quoted = [...readme.matchAll(/^explain examples\/attention\.json --at (\d+:\d+)\n([\s\S]*?)^```/gm)];
    assert.ok(quoted.length > 0);
    for (const [, at, said] of quoted) {
      const whole = await explainCommand({ ...input, document: example, translate, say }, at!);
      for (const line of said!.split("\n").filter((each) => each !== "" && each !== "…"))
        assert.ok(whole.includes(line), `${at} does not say: ${line}\n\n${whole}`);
    }
  });

  it("lists every setting, and only those that there are", () => {
    const listed = [...readme.matchAll(/^\| `(attentionLoupe\.[\w.]+)`/gm)].map(([, setting]) => setting);
    assert.deepEqual(listed.sort(), Object.keys(contributes.configuration.properties).sort());
  });

  it("names commands by their titles", () => {
    const strings = JSON.parse(read("package.nls.json")) as Record<string, string>;
    const titles = new Set(contributes.commands.map(({ title }) => strings[title.slice(1, -1)]));
    const quoted = pages.flatMap((page) => [...read(page).matchAll(/\*\*Attention: ([^*]+)\*\*/g)]);
    assert.ok(quoted.length > 0);
    for (const [, title] of quoted) assert.ok(titles.has(title!), title);
  });

  it("leads only to files that are there", () => {
    for (const page of pages) {
      for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(root, dirname(page), target!)), `${page}: ${target}`);
    }
  });

  it("runs the command line on files that are there", () => {
    for (const page of pages)
      for (const [, file] of read(page).matchAll(/\b(examples\/[\w./-]+\.(?:json|py|jsonc|jsonl))\b/g))
        assert.ok(existsSync(root + file), `${page}: ${file}`);
  });

  it("comments the examples with what they compute", async () => {
    const text = read("examples/additive_attention.py");
    const document = await readPython(text);
    const sequences = named(document, "sequences");
    const [count, positions, features] = sequences.shape as number[];
    assert.ok(text.includes(`# ${count} sequences of ${positions} positions with ${features} features each`));
    assert.match(text, /which of ten positions matter\?/);
    assert.equal(positions, 10);
    const totals = toFloat64(named(document, "totals").values!);
    assert.match(text, /# 1 for each sequence\n/);
    assert.equal(totals.length, count);
    assert.ok(totals.every((total) => Math.abs(total - 1) < 1e-5));
    const words = await readPython(read("examples/attention.py"));
    assert.match(read("examples/attention.py"), /attention on three words/);
    assert.equal(named(words, "Q").shape?.[0], 3);
  });
});
