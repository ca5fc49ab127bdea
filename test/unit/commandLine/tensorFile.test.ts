import assert from "node:assert/strict";
import { join } from "node:path";
import { attendCommand } from "../../../src/commandLine/attend.ts";
import { fileBytes } from "../../../src/platform/node/fileBytes.ts";
import { documentOf, isTensorFile } from "../../../src/reading/binary/tensorDocument.ts";
import { readTensorFile } from "../../../src/reading/binary/tensorFile.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";

describe("files of tensors on the command line", () => {
  it("are attended to by the names of their tensors", async () => {
    const file = join(import.meta.dirname, "../../fixtures/binary/stored.npz");
    assert.ok(isTensorFile(file));
    const read = readTensorFile(fileBytes(file), "stored");
    assert.ok(read.ok);
    const document = documentOf(read.value);
    const common = {
      language: "json",
      reader: jsonReader(),
      translate: (text: string) => text,
      say: () => "",
    } as const;
    const { weights } = JSON.parse(await attendCommand({ file, text: "", document, ...common }, { json: true }));
    // numpy: e = exp(q @ k.T / 2); e / e.sum(-1)
    assert.deepEqual(weights.shape.slice(-2), [3, 5]);
    for (const [at, want] of [0.11368381, 0.11925206, 0.46636963, 0.16585018, 0.13484429].entries()) {
      assert.ok(Math.abs(weights.data.flat(9)[at] - want) < 1e-7);
    }
    assert.equal(document.at(0), null);
  });
});
