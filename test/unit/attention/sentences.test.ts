import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { attentionSentences } from "../../../src/explain/sentences/attention.ts";

describe("what the engine says", () => {
  it("has a sentence for every code, and no sentence without one", () => {
    const folder = join(import.meta.dirname, "../../../src/attention");
    const sources = globSync("**/*.ts", { cwd: folder }).map((name) => readFileSync(join(folder, name), "utf8"));
    const codes = sources.flatMap((text) =>
      [...text.matchAll(/(?:failed|message)\(\s*"(attention\.[\w-]+)"/g)].map(([, code]) => code!),
    );
    assert.ok(codes.length > 40);
    assert.deepEqual([...new Set(codes)].sort(), Object.keys(attentionSentences).sort());
  });

  it("names everything that a code carries by the names that it carries", () => {
    for (const [code, say] of Object.entries(attentionSentences)) {
      const seen: string[] = [];
      say((text) => {
        seen.push(text);
        return text;
      }, {});
      assert.equal(seen.length, 1, code);
      assert.match(seen[0]!, /\.$/, code);
    }
  });
});
