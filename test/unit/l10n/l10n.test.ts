import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { userTexts } from "../../../scripts/l10n/userTexts.mjs";

type Strings = Readonly<Record<string, string>>;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8")) as Strings;
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([hole]) => hole).sort();

/** What a translation must keep as it is: placeholders, links to commands and settings, code. */
const kept = (text: string) =>
  [...text.matchAll(/\{\w+\}|\]\([^)]*\)|`[^`]*`|\$\(\w[\w-]*\)/g)].map(([part]) => part).sort();

describe("what users read", () => {
  const { texts, notLiteral } = userTexts(root);
  const english = [...texts.keys()];
  const update = "run `node scripts/l10n/update.mjs` and translate what it lists";

  it("goes through translate with literal text", () => assert.deepEqual(notLiteral, []));

  it("is in the English bundle, and nothing else is", () => {
    assert.deepEqual(Object.keys(read("l10n/bundle.l10n.json")).sort(), [...english].sort(), update);
  });

  for (const file of readdirSync(join(root, "l10n")).filter((name) => /^bundle\.l10n\..+\.json$/.test(name))) {
    it(`is in ${file}: nothing missing, nothing unused, placeholders equal`, () => {
      const bundle = read(`l10n/${file}`);
      assert.deepEqual(
        english.filter((text) => !Object.hasOwn(bundle, text)),
        [],
        update,
      );
      assert.deepEqual(
        Object.keys(bundle).filter((text) => !texts.has(text)),
        [],
        update,
      );
      for (const [text, translation] of Object.entries(bundle)) assert.deepEqual(kept(translation), kept(text), text);
    });
  }

  it("is Chinese in the Chinese bundle, but for signs and names", () => {
    const same = Object.entries(read("l10n/bundle.l10n.zh-cn.json")).filter(
      ([, text]) => !/[\u4e00-\u9fff]/.test(text),
    );
    for (const [text, translation] of same) {
      assert.deepEqual(kept(translation), kept(text));
      assert.doesNotMatch(
        text.replace(/\{\w+\}|NaN|Attention Loupe|softmax|softcap|NumPy|PyTorch|dtype|JSON/gi, ""),
        /[a-z]{3}/i,
        text,
      );
    }
  });

  it("names no count beside a plural that one would make wrong", () => {
    const nouns =
      "axes|cells|elements|indices|items|layers|operands|columns|exponentials|heads|keys|logits|matrices|numbers|pages|queries|rows|slopes|tensors|tokens|values|words";
    const plural = new RegExp(`\\{(?!dtype|row|column|e\\})\\w+\\} (?:[a-z/]+ )?(?:${nouns})\\b`);
    assert.deepEqual(
      english.filter(
        (text) => plural.test(text) && !/too many|more than \{limit\}/.test(text) && !alwaysMany.has(text),
      ),
      [],
    );
  });
});

/** Sentences that are said only of counts above one. */
const alwaysMany = new Set([
  "{count} layers",
  "Tensors with {first} and {other} axes cannot be joined.",
  "A draw before takes {count} numbers; more than {limit} are not followed.",
  "Cells can be forbidden by hand up to 16 million of them; these are {queries} queries by {keys} keys.",
  "Here there are {heads} heads.",
  "Here {heads} query heads share one key/value head (multi-query attention).",
  "Here {heads} query heads share {kvHeads} key/value heads (grouped queries).",
  "of {0} heads",
  "{heads} heads",
  "{count} keys",
  "{count} queries",
]);

describe("the manifest's strings", () => {
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const used = new Set([...manifest.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key!));

  it("are those that the manifest asks for", () => {
    assert.deepEqual(Object.keys(read("package.nls.json")).sort(), [...used].sort());
  });

  for (const file of readdirSync(root).filter((name) => /^package\.nls\..+\.json$/.test(name))) {
    it(`are all in ${file}, with the same links, code and numbers`, () => {
      const [base, translated] = [read("package.nls.json"), read(file)];
      assert.deepEqual(Object.keys(translated).sort(), Object.keys(base).sort());
      const parts = (text: string) => [...text.matchAll(/\]\([^)]*\)|`[^`]*`|\d+( %)?/g)].map(([part]) => part).sort();
      for (const [key, text] of Object.entries(base)) {
        assert.deepEqual(parts(translated[key]!), parts(text), key);
        assert.deepEqual(placeholders(translated[key]!), placeholders(text), key);
      }
    });
  }
});
