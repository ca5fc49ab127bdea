import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileBytes } from "../../../src/platform/node/fileBytes.ts";
import type { CoreApi } from "../../../src/protocol/core.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/binary");

describe("files of tensors in the core", () => {
  /** Bytes that were asked of files. */
  let read: number;
  let core: CoreApi;
  beforeEach(() => {
    read = 0;
    core = createCore({
      readerOf: async () => jsonReader(),
      bytesOf: (path) => {
        const source = fileBytes(path);
        return {
          size: source.size,
          read: (at, length) => {
            read += length;
            return source.read(at, length);
          },
        };
      },
      nextTurn: () => setImmediate(),
    });
  });
  const open = (name: string) =>
    core.openFile({ uri: `file:///x/${name}`, language: "json", version: 1, path: join(fixtures, name) });

  it("are listed with their parts, and attended to with what NumPy makes of them", async () => {
    for (const name of ["stored.npz", "compressed.npz"]) {
      const { uri, tensors, sites } = await open(name);
      assert.ok(tensors.every(({ hasValues }) => hasValues));
      const site = sites.find(({ problem }) => !problem);
      assert.deepEqual(Object.keys(site!.roles), ["query", "key", "value"]);
      const attended = await core.attend({ uri, choice: { site: site!.id }, options: {} });
      assert.ok(attended.ok);
      const { weights } = (await core.row({ result: attended.value.result, batch: 0, head: 0, query: 0 })) ?? {};
      assert.ok(Math.abs(weights!.reduce((sum, x) => sum + x, 0) - 1) < 1e-12);
      await core.release({ result: attended.value.result });
    }
  });

  it("are not read further than their heads before somebody looks at their numbers", async () => {
    const summary = await open("all.safetensors");
    const heads = read;
    const [tensor] = summary.tensors.filter(({ hasValues }) => hasValues);
    assert.ok(heads < readFileSync(join(fixtures, "all.safetensors")).length);
    await core.statistics({ uri: summary.uri, tensors: [tensor!.id], limit: 1e6 });
    assert.ok(read > heads);
  });

  it("say which tensor is not read, and why a damaged file is not", async () => {
    const summary = await open("all.safetensors");
    assert.equal(summary.tensors.find(({ name }) => name === "eight")?.why?.code, "binary.dtype");
    const damaged = await core.openFile({
      uri: "damaged.npz",
      language: "json",
      version: 1,
      bytes: new Uint8Array(readFileSync(join(fixtures, "stored.npz"))).subarray(0, 300),
    });
    assert.deepEqual(damaged.tensors, []);
    assert.deepEqual(
      damaged.problems.map(({ message, broken }) => [message.code, broken]),
      [["binary.notZip", true]],
    );
  });

  it("call the tensor of a .npy by the file's name", async () => {
    const bytes = new Uint8Array(readFileSync(join(fixtures, "float32.npy")));
    const { tensors } = await core.openFile({ uri: "file:///x/my%20scores.npy", language: "json", version: 1, bytes });
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ["my scores"],
    );
  });
});
