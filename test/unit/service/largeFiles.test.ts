import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileBytes } from "../../../src/platform/node/fileBytes.ts";
import type { CoreApi } from "../../../src/protocol/core.ts";
import { CallError } from "../../../src/protocol/rpc.ts";
import { jsonBytesReader } from "../../../src/reading/json/byteReader.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";
import { builtScanner } from "../reading/json/buildScanner.ts";

const row = (at: number): string => `[${Array.from({ length: 32 }, (_, k) => Math.sin(at * 32 + k)).join(", ")}]`;
const matrix = (rows: number): string => `[${Array.from({ length: rows }, (_, at) => row(at)).join(",\n")}]`;
const text = `{"note": "é😀", "Q": ${matrix(600)}, "K": ${matrix(600)}, "V": ${matrix(600)}}`;

describe("files that are no documents of the editor", () => {
  const folder = mkdtempSync(join(tmpdir(), "large-files-"));
  let core: CoreApi;
  /** What the core says of its progress whenever it takes in other messages. */
  const shares: (number | null)[] = [];
  before(async function () {
    // The compiler takes seconds, more on a busy machine.
    this.timeout(120_000);
    const reader = jsonBytesReader(await builtScanner());
    core = createCore({
      readerOf: async () => jsonReader(),
      bytesReaderOf: async () => reader,
      bytesOf: fileBytes,
      nextTurn: async () => {
        shares.push(await core.progress({ uri: "dump.json" }));
        await setImmediate();
      },
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  function open(content: string, name = "dump.json") {
    const path = join(folder, name);
    writeFileSync(path, content);
    return core.openFile({ uri: name, language: "json", version: 1, path });
  }

  it("are read in ranges, attended to, and know where their numbers stand", async () => {
    const summary = await open(text);
    assert.deepEqual(
      summary.tensors.map(({ name, shape }) => [name, shape]),
      [
        ["Q", [600, 32]],
        ["K", [600, 32]],
        ["V", [600, 32]],
      ],
    );
    const attended = await core.attend({ uri: "dump.json", choice: { site: summary.sites[0]!.id }, options: {} });
    assert.ok(attended.ok);
    const offset = text.indexOf(String(Math.sin(32 * 300 + 5)));
    const located = await core.locate({ uri: "dump.json", offset });
    assert.deepEqual([located?.tensor, located?.index], ["$.Q", [300, 5]]);
  });

  it("are read while others may ask how far that is", async () => {
    const rows = Array.from({ length: 15_000 }, (_, at) => row(at)).join(",\n");
    shares.length = 0;
    await open(`{"Q": [${rows}], "K": [${rows}], "V": [[1]]}`);
    assert.ok(shares.length >= 3, `${shares.length} looks`);
    assert.ok(
      shares.every((share, i) => share !== null && share > (shares[i - 1] ?? 0) && share < 1),
      shares.join(),
    );
    assert.equal(await core.progress({ uri: "dump.json" }), null);
  });

  it("give the same from bytes as from a path", async () => {
    const fromPath = await open(text);
    const fromBytes = await core.openFile({
      uri: "bytes.json",
      language: "json",
      version: 1,
      bytes: new TextEncoder().encode(text),
    });
    assert.deepEqual(fromBytes.tensors, fromPath.tensors);
  });

  it("say what is wrong as documents do", async () => {
    const summary = await open(`${text.slice(0, -1)}, "x": None}`);
    assert.deepEqual(
      summary.problems.map(({ message }) => message.code),
      ["json.word"],
    );
    assert.equal(summary.tensors.length, 3);
  });

  it("need bytes where there are no files", async () => {
    const none = createCore({ readerOf: async () => jsonReader(), nextTurn: () => setImmediate() });
    await assert.rejects(none.openFile({ uri: "x", language: "json", version: 1, path: "x.json" }), (error) =>
      CallError.is(error, "failed"),
    );
  });
});
