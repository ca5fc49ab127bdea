import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesInMemory } from "../../../../src/reading/byteSource.ts";
import type { Language, TensorDocument } from "../../../../src/reading/document.ts";
import { type BytesReader, jsonBytesReader } from "../../../../src/reading/json/byteReader.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { json } from "./arbitraries.ts";
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
      problems.map(({ message, range, broken }) => [message.code, range.start, broken]),
      [["json.unreadable", text.indexOf("oops"), true]],
    );
  });

  it("survives texts that end too early", () => {
    for (const text of ["", "[", '{"a', '{"a":', "[1, 2", '["x', "[[1],[", "tru", "-", "// no"]) {
      const { problems } = read(Buffer.from(text), "json");
      assert.deepEqual(
        problems.map(({ message }) => message.code),
        ["json.unreadable"],
        text,
      );
    }
    assert.deepEqual(read(new Uint8Array([0xff, 0xfe, 0x00]), "json").tensors, []);
  });
});
