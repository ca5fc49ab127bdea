import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { TensorDocument } from "../../../src/reading/document.ts";
import { createCore } from "../../../src/service/core.ts";

describe("hints of code", () => {
  it("prepare the first hover of each reading, once, after they were answered", async () => {
    const said: string[] = [];
    const reading = (text: string): TensorDocument => ({
      language: "python",
      tensors: [],
      sites: [],
      problems: [],
      ...(text.includes("draft") && { draft: true }),
      prepare: () => void said.push(`prepared ${text}`),
      at: () => null,
    });
    const readerOf = async () => ({ read: (text: unknown) => reading(String(text)) });
    const core = createCore({ readerOf, nextTurn: () => setImmediate() });
    const ask = async () => {
      await core.hints({ uri: "a", start: 0, end: 1, of: "all" });
      said.push("answered");
      await setImmediate();
      await setImmediate();
    };
    await core.open({ uri: "a", language: "python", version: 1, text: "one" });
    await ask();
    await ask();
    await core.change({ uri: "a", version: 2, changes: [{ offset: 0, length: 3, text: "two" }] });
    await ask();
    await core.change({ uri: "a", version: 3, changes: [{ offset: 0, length: 3, text: "draft" }] });
    await ask();
    assert.deepEqual(said, ["answered", "prepared one", "answered", "answered", "prepared two", "answered"]);
  });
});
