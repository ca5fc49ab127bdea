import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { walkthroughPictures } from "../../../scripts/walkthroughPictures.mjs";
import { attend } from "../../../src/attention/engine.ts";
import { tensor } from "../../../src/tensor/tensor.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");

interface Step {
  readonly media: { readonly svg: string };
  readonly description: string;
}

describe("the walkthrough", () => {
  const { contributes } = JSON.parse(read("package.json")) as {
    contributes: { walkthroughs: { steps: Step[] }[]; commands: { command: string }[] };
  };
  const [walkthrough] = contributes.walkthroughs;

  it("shows pictures whose numbers are those of the example", async () => {
    const pictures = await walkthroughPictures();
    assert.deepEqual(
      walkthrough!.steps.map(({ media }) => media.svg),
      ["open", "hover", "panel", "formula"].map((name) => `media/walkthrough/${name}.svg`),
    );
    for (const [name, svg] of Object.entries(pictures)) {
      assert.equal(read(`media/walkthrough/${name}`), svg, "run `node scripts/walkthroughPictures.mjs`");
    }
  });

  it("says the weight that the example really has", async () => {
    const { Q, K, V, query_tokens, key_tokens } = JSON.parse(read("examples/attention.json")) as Record<
      "Q" | "K" | "V",
      number[][]
    > &
      Record<"query_tokens" | "key_tokens", string[]>;
    const matrix = (rows: number[][]) =>
      tensor("float64", [rows.length, rows[0]!.length], Float64Array.from(rows.flat()));
    const result = await attend({ query: matrix(Q), key: matrix(K), value: matrix(V) });
    assert.ok(result.ok);
    const [query, key] = [query_tokens.indexOf("chat"), key_tokens.indexOf("cat")];
    const percent = Math.round(100 * result.value.row({ batch: 0, head: 0 }, query).weights[key]!);
    for (const file of ["package.nls.json", "package.nls.zh-cn.json"]) {
      const text = (JSON.parse(read(file)) as Record<string, string>)["walkthrough.panel.description"]!;
      assert.ok(text.includes("“chat”") && text.includes("“cat”") && text.includes(` ${percent} %`), text);
    }
  });

  it("leads only to commands and examples that are there", () => {
    const commands = new Set(contributes.commands.map(({ command }) => command));
    const strings = JSON.parse(read("package.nls.json")) as Record<string, string>;
    const links = walkthrough!.steps.flatMap(({ description }) => [
      ...strings[description.slice(1, -1)]!.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g),
    ]);
    assert.equal(links.length, 3);
    for (const [, command, argument] of links) {
      assert.ok(commands.has(command!), command);
      if (argument)
        for (const name of JSON.parse(decodeURIComponent(argument)) as string[])
          assert.ok(existsSync(`${root}examples/${name}`), name);
    }
  });
});
