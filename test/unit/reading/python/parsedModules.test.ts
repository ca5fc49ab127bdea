import assert from "node:assert/strict";
import type { Parsed } from "../../../../src/reading/python/parse.ts";
import { ParsedModules } from "../../../../src/reading/python/parsedModules.ts";

describe("the syntax of imported modules", () => {
  it("is kept while it was used last, up to so many characters", () => {
    const parsed: string[] = [];
    const parse = (text: string): Parsed => {
      parsed.push(text);
      return { statements: [], errors: [] } as unknown as Parsed;
    };
    const modules = new ParsedModules(parse, 10);
    const first = modules.of("a", "aaaa");
    modules.of("b", "bbbb");
    assert.equal(modules.of("a", "aaaa"), first, "is not parsed anew");
    modules.of("c", "cccc");
    assert.equal(modules.size, 2, "the one that was not used for longest goes");
    modules.of("a", "aaaa");
    assert.deepEqual(parsed, ["aaaa", "bbbb", "cccc"]);
    assert.notEqual(modules.of("a", "aaaaa"), first, "another text is another module");
    modules.of("large", "x".repeat(11));
    assert.equal(modules.size, 0);
    for (let at = 0; at < 1000; at++) modules.of(`m${at}`, "mm");
    assert.equal(modules.size, 5);
  });
});
