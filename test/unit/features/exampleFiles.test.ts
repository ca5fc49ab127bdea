import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { exampleFiles } from "../../../src/features/commands/exampleFiles.ts";

describe("examples that can be opened", () => {
  it("are the files of the examples folder", () => {
    const folder = readdirSync(new URL("../../../examples", import.meta.url), { withFileTypes: true });
    const files = folder.filter((entry) => entry.isFile()).map(({ name }) => name);
    assert.deepEqual([...exampleFiles].sort(), files.sort());
  });
});
