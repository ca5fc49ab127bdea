import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesInMemory } from "../../../../src/reading/byteSource.ts";
import type { Language, TensorDocument } from "../../../../src/reading/document.ts";
import { type BytesReader, jsonBytesReader } from "../../../../src/reading/json/byteReader.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { json, mutated } from "./arbitraries.ts";
import { builtScanner } from "./buildScanner.ts";

/** What a document says, places of some elements included. */
function plain({ tensors, sites, problems }: TensorDocument) {
  return {
    tensors: tensors.map(({ id, name, range, shape, dtype, values, places }) => {
      const count = values ? toFloat64(values).length : 0;
      const some = [0, 1, count >> 1, count - 1].filter((flat) => flat >= 0 && flat < count);
      return {
        id,
        name,
        range,
        shape,
        dtype,
        values: values && [...toFloat64(values)],
        places: some.map((flat) => [places?.range(flat), places?.row(flat)]),
      };
    }),
    sites: sites.map(({ roles, queryTokens, options }) => [roles, queryTokens?.labels, options]),
    problems,
  };
}

describe("reading JSON from bytes in ranges", () => {
  let reader: BytesReader;
  before(async function () {
    // The compiler takes seconds, more on a busy machine.
    this.timeout(120_000);
    reader = jsonBytesReader(await builtScanner());
  });

  function read(bytes: Uint8Array, language: Language): TensorDocument {
    const reading = reader(bytesInMemory(bytes), language);
    for (let before = 0; ; ) {
      const { done, value } = reading.next();
      if (done) return value;
      assert.ok(value > before && value <= 1);
      before = value;
    }
  }

  function assertSame(text: string, language: Language = "json"): void {
    const [got, expected] = [read(Buffer.from(text), language), jsonReader().read(text, { language })];
    assert.deepEqual(plain(got), plain(expected));
    for (let at = 0; at < text.length; at += Math.max(1, text.length >> 5)) {
      assert.deepEqual(got.at(at)?.range, expected.at(at)?.range);
      assert.equal(got.at(at)?.element, expected.at(at)?.element);
    }
  }

  it("understands what the reader of texts does", () => {
    fc.assert(fc.property(json, (text) => assertSame(Buffer.from(text).toString())));
  });

  it("does so across pieces, with letters of every width", () => {
    const row = (at: number) =>
      `[${Array.from({ length: 64 }, (_, k) => Math.sin(at * 64 + k) * 10 ** (k % 5)).join(", ")}]`;
    const matrix = (rows: number) => `[${Array.from({ length: rows }, (_, at) => row(at)).join(",\n")}]`;
    const tokens = JSON.stringify(Array.from({ length: 300 }, (_, at) => `é${at}😀中`));
    for (const padding of ["", "é", "é😀", "中中中"]) {
      assertSame(
        `{"note": "${padding.repeat(90_001)}", "tokens": ${tokens}, "Q": ${matrix(300)}, "K": ${matrix(300)}, "V": ${matrix(10)}}`,
      );
    }
    assertSame(`\ufeff{"Q": ${matrix(300)}, "big": [12345678901234567890123, 1e999]}`);
  });

  it("stops at the first mistake, and has what was complete by then", () => {
    const text = `{"a": [[1, 2], [3, 4]], "b": [${"1.25, ".repeat(100_000)} oops], "c": [5]}`;
    const { tensors, problems } = read(Buffer.from(text), "json");
    assert.deepEqual(
      tensors.map(({ id }) => id),
      ["$.a"],
    );
    assert.deepEqual(
      problems.map(({ message, range, broken }) => [message, range.start, broken]),
      [[{ code: "json.unknownWord", args: { text: "oops" } }, text.indexOf("oops"), true]],
    );
  });

  it("says of a mistake what the reader of texts says, and where it is in the file", () => {
    const said = (text: string, language: Language) =>
      jsonReader()
        .read(text, { language })
        .problems.find(({ broken }) => broken);
    fc.assert(
      fc.property(mutated, fc.constantFrom<Language>("json", "jsonc", "jsonl"), (mistaken, language) => {
        const text = Buffer.from(mistaken).toString();
        const found = read(Buffer.from(text), language).problems.find(({ broken }) => broken);
        const { place, ...problem } = found ?? {};
        assert.deepEqual(found ? problem : undefined, said(text, language));
        if (!found) return;
        const before = text.slice(0, found.range.start);
        assert.deepEqual(place, { line: before.split("\n").length, byte: Buffer.byteLength(before) + 1 });
      }),
      { numRuns: 3000 },
    );
  });

  it("finds a mistake behind many pieces, lines and wide letters", () => {
    const rows = `${JSON.stringify(Array.from({ length: 200 }, (_, at) => at / 7))},\n`.repeat(1000);
    const text = `{"é": "中😀",\n"Q": [\n${rows}[1, 2}\n]}`;
    const [problem] = read(Buffer.from(text), "json").problems;
    assert.deepEqual(problem?.message, { code: "json.comma", args: { text: "}", close: "]" } });
    assert.deepEqual(problem.place, { line: 1003, byte: Buffer.byteLength(text) - 3 });
  });

  it("survives texts that end too early", () => {
    for (const text of ["", "[", '{"a', '{"a":', "[1, 2", '["x', "[[1],[", "tru", "-", "// no"]) {
      const { problems } = read(Buffer.from(text), "json");
      assert.deepEqual(
        problems.map(({ place, ...problem }) => problem),
        jsonReader().read(text, { language: "json" }).problems,
        text,
      );
    }
    const endless = read(Buffer.from(`["${"x".repeat(3_000_000)}`), "json");
    assert.deepEqual(
      endless.problems.map(({ message }) => message.code),
      ["json.unreadable"],
    );
    assert.deepEqual(read(new Uint8Array([0xff, 0xfe, 0x00]), "json").tensors, []);
  });
});
